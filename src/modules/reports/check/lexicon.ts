// General words of Chinese official prose: units of count, verbs, bounds. Nothing here names a district, a scheme or an article.

const words = (text: string) => text.trim().split(/\s+/)
const longestFirst = (list: readonly string[]) => [...list].sort((a, b) => b.length - a.length)

/** Counting persons once. */
export const PERSONS = words('人 名 位')
/** Counting times: the same person, household or firm may be in the number more than once. */
export const TIMES = words(
  '人次 户次 家次 场次 期次 件次 批次 班次 车次 台次 例次 篇次 团次 间次 处次 点次 支次 棵次 户 次',
)

const TIME = words(
  '个工作日 个自然日 个小时 个月 个季度 个星期 个年头 周岁 小时 分钟 课时 学时 工时 秒 岁 旬 年 天 夜 季 日 周',
)
const MONEY = words('元 美元 欧元 港元 英镑 日元')
const MEASURES = words(
  '平方公里 平方千米 平方米 平米 立方米 公里 千米 厘米 海里 公顷 公斤 千克 千瓦时 千瓦 摄氏度 毫升 米 里 亩 吨 斤 克 升 度 ℃ km kg kW MW GW ㎡ m² m³',
)
const SHARES = words('个百分点 个点 倍 番 折')
const COUNTS = words(
  '个方面 大类 人年 个 项 条 件 家 所 场 期 批 轮 套 本 份 篇 部 台 辆 艘 架 栋 幢 座 处 支 只 头 匹 棵 株 间 张 块 面 幅 门 堂 节 课 讲 集 档 类 种 款 级 层 代 届 组 队 对 例 起 宗 桩 单 笔 袋 箱 盒 瓶 枚 颗 粒 根 片 道 句 字 首 封 则 页 卷 册 段 步 遍 趟 回 拨 点 站 床 席 副 顶 盏 口 眼 株 尾 羽 羽次 公里次 通 票 分',
)

/** Measure words that begin too many other words after a numeral (三路, 两行), and none after digits. */
const AFTER_DIGITS = words(
  '路 双 扇 行 列 排 圈 桶 盆 把 捆 桌 顿 餐 曲 丛 簇 朵 枝 串 束 股 车 章 幕 任 瓦 平方 立方 兆瓦 千伏 学分 积分 学年 学期 年度 架次 船次 列次 台套 件套 亩次 桌次',
)

export const UNITS = longestFirst([...TIMES, ...PERSONS, ...TIME, ...MONEY, ...MEASURES, ...SHARES, ...COUNTS])

export const UNITS_AFTER_DIGITS = longestFirst([...UNITS, ...AFTER_DIGITS])

/** After a figure in digits these count themselves: 12镇3乡. */
export const PLACES = longestFirst(words('街道 社区 村 镇 乡 县 市 区 园区 园'))

/** What a bound says when it stands before the number: near or below it, over or at least it, about it … */
export const BEFORE = {
  near: words('近 将近 接近 逼近 年近'),
  below: words('不到 不足 未满 未达到 低于 少于 小于'),
  atMost: words('不超过 不高于 不多于 最高 最多 至多 最长 最低至'),
  over: words('超 超过 逾 已逾 突破 超出 多于 高于 大于 不止 刚过 已过 年过 年逾 破 过'),
  atLeast: words('不少于 不低于 至少 最少 最低 不下 起码 上 高达至'),
  about: words('约 大约 大概 约为 大致'),
} as const

/** … and after it. */
export const AFTER = {
  lower: words('余 多 几'),
  approx: words('来 左右 上下 前后'),
} as const

/** Time words a cadence is owed by: 每周, 每季度. */
export const CADENCES: Record<string, string> = {
  天: '天',
  日: '天',
  周: '周',
  旬: '旬',
  半月: '半月',
  月: '月',
  个月: '月',
  季: '季',
  季度: '季',
  半年: '半年',
  年: '年',
  年度: '年',
  学期: '学期',
}

/** Nouns that are counted with 家, 条, 所 … when a sentence leaves the unit of count out: 八大产业链, 全市唯一. */
export const COUNTED_BY: readonly (readonly [RegExp, string])[] = [
  [/(企业|公司|单位|机构|孵化器|医院|银行|合作社|农场|工厂|园区|基地)$/, '家'],
  [/(链|路线|线路|措施|政策|河流|街)$/, '条'],
  [/(学校|院校|中学|小学|幼儿园|大学)$/, '所'],
  [/(工程|行动|任务|项目|举措|工作|制度|职能|职责)$/, '项'],
]

/** … and when the noun follows the digits at once: 1200余党员干部, 350企业. */
export const COUNTED_SO: readonly (readonly [RegExp, string])[] = [
  [/^(?:各族|广大)?(?:群众|居民|村民|市民|人口|老人|劳动力)/, '人'],
  [
    /^(?:在职|机关|流动|离?退休|农村|无职|青年|年轻|基层|乡镇|社区|村|农民|新|老|预备|女|返乡|专业|技能|优秀)?(?:党员|干部|职工|志愿者|人才|大学生|毕业生|学生|教师|青年|骑手|网格员|专家|工人|学员|师生|代表)/,
    '名',
  ],
  [/^(?:重点|规上|民营|非公|中小微?|链上)?(?:企业|公司|商户|单位)/, '家'],
  [/^(?:农户|脱贫户|困难户|家庭)/, '户'],
  [/^(?:基层)?(?:党组织|党支部|支部|党小组|小区|网格|项目|问题)/, '个'],
]

/** Verbs by which a review claims something was done; each claims one state of one record (verbs.md). */
export const VERBS = longestFirst(
  words(`
    开展 举办 召开 组织 培训 轮训 宣讲 授课 讲授 走访 慰问 看望 帮扶 资助 报到 发布 认领 接单 领办 承接 收集 征集 梳理 摸排 排查
    解决 化解 办结 办理 处置 处理 答复 回复 整改 整顿 销号 回访 受理 登记 发展 选派 派驻 下派 提拔 重用 晋升 调整 调配 交流 任用
    免职 降职 筹集 筹措 入住 配租 申报 推荐 入选 获评 命名 评选 评为 表彰 授予 引进 引育 招引 回引 吸纳 吸引 签订 签约 推介 开工
    投产 竣工 成立 组建 建立 建成 建设 打造 创建 新建 改建 扩建 新设 新成立 升级 覆盖 动员 发动 累计 争取 到位 投入 发放 落实
    采纳 发现 纠正 监督 检查 抽查 审计 提醒 函询 诫勉 谈话 约谈 通报 问责 查处 服务 惠及 受益 带动 辐射 参加 参与 参训 接待 听取
    结对 包联 联系 挂钩 编制 印发 制定 出台 修订 完善 开设 开通 转化 攻克 授权 孵化 培育 培养 遴选 选拔 选聘 招聘 招录 录用 储备
    点亮 实现 圆梦 完成 推进 推动 督促 帮助 协调 调解 涌现 形成 拥有 共有 现有 设有 设立 划分 配备 配齐 选优 补充 调处 代办 帮办
    上报 流转 交办 督办 催办 转办 注销 变更 转让 辞去 退出 清退 撤并 撤销 合并 换届 转正 转接 接转 收缴 学习 自学 研讨 测试 考试
    演练 竞赛 比武 参观 调研 指导 谈心 评价 考核 述职 评议 公示 招商 落地 达产 减免 拨付 兑现 募集 捐赠 捐款 消除 减少 增加
    增长 下降 提高 提升 新增 净增 达到 聘请 聘任 选树 宣传 报道 推送 播放 点击 开放 张贴 悬挂 家访 讲 增收 上门 就业 创业
    追缴 追回 收回 清理 移送 移交 立案 处分 评定 评估 巡察 核查 抽调 聘用 认定 兑现 授信 放款 挂职 回引
  `),
)

/** Two of them side by side with one number claim two states at once. Pairs of one meaning are one act. */
export const SAME_ACT: readonly RegExp[] = [
  /^(组织|举办|开展|召开|举行)(开展|举办|组织|召开|实施|培训|宣讲|参观|参加|推荐|申报|调研|走访|学习|慰问|动员)$/,
  /^(建立|成立|组建|设立)(完善)?$/,
  /^(编制|制定|研究)(印发|发放|出台)$/,
  /^(帮助|协调|推动|推进|督促|实现|完成|落实|累计|新增|引导|带动|服务).+$/,
  /^.+(培训|服务|宣传|指导|报到|学习|创业|就业)$/,
  /^(认领|领办)(接单|承接)$/,
  /^(提醒|函询|诫勉)谈话$/,
  /^(走访|看望)(慰问|看望)$/,
  /^(结对|包联|联系)(帮扶|共建|联系)$/,
  /^(修订|补充)完善$/,
  /^(转化|晋升|改造)提升$/,
  /^辐射带动$/,
]

/** Verbs that claim less than readers take them for, and what they do claim. */
export const LESS_THAN_IT_SEEMS: readonly (readonly [verb: RegExp, text: string])[] = [
  [/^筹[集措]$/, '“筹集”不等于入住或到位，已筹集、可使用、已使用应分别统计'],
  [/^争取$/, '“争取”不等于已到账，应说明拨付情况'],
  [/^吸引$/, '“吸引”不等于到位，签约数与到位数应分别统计'],
  [/^(发动|动员)$/, '“发动、动员”不等于参加，应说明实际参加数'],
  [/^(签约|签订)$/, '“签约”不等于落地，应说明履行或到位情况'],
  [/^(申报|推荐|推介)$/, '申报、推荐不等于入选或签约'],
  [/^推进$/, '“推进”是正在办，不等于完成'],
  [/^(建设|打造|创建)$/, '是期内新建还是累计建成，应当写明'],
  [/^(遴选|储备)$/, '是期内新选的，还是期末在库的，应当写明'],
  [/^发展$/, '“发展”按期内接收并批准的预备党员计，不是转正'],
  [/^整顿$/, '按验收合格计；同一组织整顿两次计一个还是两次，应当写明'],
  [/^结对$/, '结成的对子数与参加的人数不是一个数'],
]

/** A person may do or meet these more than once in a period: 人 is then a claim that nobody was counted twice. */
export const RECURRING = new Set(
  words('培训 轮训 走访 慰问 看望 服务 认领 接单 参加 参与 参训 参观 惠及 受益 接待 宣讲 学习 谈话 回访'),
)

/** Over several years the same person may be chosen again. */
export const CHOOSING = new Set(words('选派 组织 推荐 派驻 参加'))

/** Verbs and words that announce something not yet done. */
export const PLANNED = /目标|力争|预计|拟于|将(?:于|在|继续|全面|力争|达|实现|建)|确保|到20\d\d年|争创|下一步|今后|未来/

/** Words reviews use for one thing. */
export const SAME_THING: readonly (readonly string[])[] = [
  words('诉求 问题 难题 烦心事 需求 事项 工单 矛盾 实事'),
  words('党员 党员干部 在职党员 机关党员'),
  words('党支部 支部'),
  words('党组织 基层党组织'),
]
