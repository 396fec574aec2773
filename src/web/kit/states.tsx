// Empty, wrong, waiting: what will appear here, what happened and what to do next. Never an emblem, never a joke.
import { Button, Tooltip } from 'antd'
import { Component, type ReactNode } from 'react'
import { type ApiProblem, asProblem } from '#web/api.ts'

export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="blank">
      <h2>{title}</h2>
      {children}
      {action ? <div className="row">{action}</div> : null}
    </div>
  )
}

const nextSteps: Record<number, string> = {
  [-1]: '刷新页面；仍不行，请把出错的时间告诉管理员。',
  0: '检查网络后再试。已提交的内容用同一页面重试不会重复办理。',
  401: '请重新登录。',
  403: '如工作需要，请向本级管理员申请授权。',
  404: '请核对地址，或从清单重新打开。',
  409: '刷新后按最新情况再办。',
  412: '刷新后按最新情况再办。',
  429: '稍候几秒再试。',
  503: '稍候几秒再试。',
}

/** 依据: the rule a refusal rests on. */
export const Ground = ({ id }: { id: string | null | undefined }) =>
  id ? (
    <Tooltip title={`依据：${id}`}>
      <span className="quiet nowrap" tabIndex={0}>
        （依据 {id}）
      </span>
    </Tooltip>
  ) : null

export function ErrorState({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error)
  return (
    <div className="trouble" role="alert">
      <h2>{problem.title}</h2>
      <p>
        {nextSteps[problem.status] ?? '请稍后再试；如反复出现，请把请求编号告诉管理员。'}
        <Ground id={problem.ground} />
      </p>
      {problem.requestId ? <p className="quiet">请求编号 {problem.requestId}</p> : null}
      {retry ? (
        <div className="row">
          <Button onClick={retry}>重试</Button>
        </div>
      ) : null}
    </div>
  )
}

/** What the server refused, with its ground and all it had to say about single fields, where the button was pressed. */
export const Refusal = ({ problem }: { problem: ApiProblem }) => (
  <div className="issue-box" role="alert">
    {problem.title}
    <Ground id={problem.ground} />
    {problem.issues.map((i) => (
      <div key={i.path}>{i.text}</div>
    ))}
    {problem.requestId && problem.status >= 500 ? <div className="quiet">请求编号 {problem.requestId}</div> : null}
  </div>
)

/** A skeleton of lines; says so to screen readers too. */
export function Loading({ lines = 6 }: { lines?: number }) {
  return (
    <div className="bars" role="status" aria-label="正在读取">
      {Array.from({ length: lines }, (_, i) => (
        <i key={i} style={{ width: `${92 - ((i * 17) % 40)}%` }} />
      ))}
    </div>
  )
}

/** A page that breaks does not take the frame with it. */
export class Fence extends Component<{ children: ReactNode; name: string }, { error: unknown }> {
  override state = { error: null as unknown }
  static getDerivedStateFromError(error: unknown) {
    return { error }
  }
  override componentDidUpdate(before: { name: string }) {
    if (before.name !== this.props.name && this.state.error) this.setState({ error: null })
  }
  override render() {
    return this.state.error ? (
      <ErrorState error={this.state.error} retry={() => this.setState({ error: null })} />
    ) : (
      this.props.children
    )
  }
}
