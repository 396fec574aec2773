/** Below the door: nobody is signed in here, so both links open the public pages. [JF-12, JF-13, SEC-00] */
export const DoorFoot = () => (
  <footer>
    <span>非涉密系统，严禁处理涉密信息</span>　<a href="/m/feedback?from=/console">投诉建议</a>　
    <a href="/m/about">关于本系统</a>
  </footer>
)
