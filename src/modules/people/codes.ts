// Small code tables people need (domain 2.3). Codes are stored, names are shown.

export interface Code {
  code: string
  name: string
}

/** GB/T 2261.1 */
export const sexes = table('0 未知 1 男 2 女 9 未说明')

/** GB/T 3304, names without 族. */
export const nations = table(
  `01 汉 02 蒙古 03 回 04 藏 05 维吾尔 06 苗 07 彝 08 壮 09 布依 10 朝鲜 11 满 12 侗 13 瑶 14 白 15 土家 16 哈尼 17 哈萨克
  18 傣 19 黎 20 傈僳 21 佤 22 畲 23 高山 24 拉祜 25 水 26 东乡 27 纳西 28 景颇 29 柯尔克孜 30 土 31 达斡尔 32 仫佬 33 羌
  34 布朗 35 撒拉 36 毛南 37 仡佬 38 锡伯 39 阿昌 40 普米 41 塔吉克 42 怒 43 乌孜别克 44 俄罗斯 45 鄂温克 46 德昂 47 保安
  48 裕固 49 京 50 塔塔尔 51 独龙 52 鄂伦春 53 赫哲 54 门巴 55 珞巴 56 基诺 97 其他 98 外国血统中国籍`,
)

/** GB/T 4762 */
export const politics = table(
  `01 中共党员 02 中共预备党员 03 共青团员 04 民革党员 05 民盟盟员 06 民建会员 07 民进会员 08 农工党党员 09 致公党党员
  10 九三学社社员 11 台盟盟员 12 无党派人士 13 群众`,
)

/** GB/T 4658, for the register of members. */
export const education = table(
  `10 研究生 11 博士研究生 14 硕士研究生 21 大学本科 31 大学专科 41 中等专科 44 职业高中 47 技工学校 61 普通高中 71 初中 81 小学 90 其他`,
)

/** ZB64, for cadres, where 本科 is called 大学. */
export const cadreEducation = table(
  `11 研究生 13 研究生班 1A 中央党校研究生 1B 省委党校研究生 21 大学 2A 中央党校大学 2B 省委党校大学 31 大专 34 中央党校大专
  37 省委党校大专 3B 大学普通班 41 中专 47 中技 61 高中 71 初中 81 小学`,
)

// Words that mean the same entry, whatever the table calls it.
const ALIASES = [
  ['中共党员', '党员', '正式党员', '中国共产党党员'],
  ['中共预备党员', '预备党员', '中国共产党预备党员'],
  ['共青团员', '团员', '中国共产主义青年团团员'],
  ['民革党员', '民革'],
  ['民盟盟员', '民盟'],
  ['民建会员', '民建'],
  ['民进会员', '民进'],
  ['农工党党员', '农工党'],
  ['致公党党员', '致公党'],
  ['九三学社社员', '九三学社'],
  ['台盟盟员', '台盟'],
  ['无党派人士', '无党派', '无党派民主人士'],
  ['博士研究生', '博士'],
  ['硕士研究生', '硕士'],
  ['大学本科', '大学', '本科', '大本'],
  ['大学专科', '大专', '专科'],
  ['中等专科', '中专'],
  ['技工学校', '技校', '中技'],
  ['普通高中', '高中'],
  ['初中', '初级中学'],
]

export function nameOfCode(codes: readonly Code[], code: string): string | undefined {
  return codes.find((entry) => entry.code === code)?.name
}

/** The code of a name as people write it: with or without 族, in short forms, or the code itself. */
export function codeOfName(codes: readonly Code[], text: string): string | undefined {
  const name = text
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .toUpperCase()
  const exact = codes.find(
    (entry) => entry.name === name || entry.name === name.replace(/族$/, '') || entry.code === name,
  )
  const same = ALIASES.find((words) => words.includes(name))
  return (exact ?? codes.find((entry) => same?.includes(entry.name)))?.code
}

function table(text: string): readonly Code[] {
  const words = text.split(/\s+/)
  return words.flatMap((code, at) => (at % 2 === 0 ? [{ code, name: words[at + 1] ?? '' }] : []))
}
