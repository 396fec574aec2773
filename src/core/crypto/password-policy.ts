// Password profile djbh3: GB/T 22239 level 3 (10 characters, 3 classes) on top of ASVS 6.2 (common and context words).

export type PasswordFault = 'too-short' | 'too-long' | 'too-few-classes' | 'too-common' | 'contains-context'

const LEAST = 10
const MOST = 256
const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u]

// Bare words people build passwords from; digits and signs around them, and letters written as digits, change nothing.
const ROOTS = new Set(
  `password passwd passw pass passcode passphrase login logon signin admin admins administrator sysadmin root super superuser
  manager master user username users guest test tester testing temp temporary default change changeme secret private welcome
  hello helloworld letmein iloveyou love lovely loveyou sunshine princess dragon monkey football baseball basketball superman
  batman pokemon starwars computer internet server system oracle database postgres mysql redis tomcat nginx linux ubuntu
  windows office huawei xiaomi apple google baidu tencent alibaba weixin wechat qq dingtalk china chinese beijing shanghai
  guangdong shenzhen guangzhou zhongguo woaini woaizhongguo woaiwojia wozuiai woshishui nihao xiexie mima denglu wode
  guanliyuan yonghu ceshi morenmima dangyuan dangzhibu dangwei dangjian zuzhibu zuzhi gongzuo renmin weirenminfuwu zhengfu
  shequ jiedao quwei xianwei xitong pingtai jishi wangluo diannao shouji xingfu kuaile pengyou laogong laopo baobao baobei
  asdf asdfg asdfgh asdfghj asdfghjkl qwer qwert qwerty qwertyu qwertyui qwertyuiop qwertyasdf qwerasdf qwerasdfzxcv zxcv
  zxcvb zxcvbn zxcvbnm qazwsx qazwsxedc qazxsw wsxedc qweasd qweasdzxc poiuy poiuytrewq lkjhgfdsa mnbvcxz azerty
  abc abcd abcde abcdef abcdefg abcabc aabbcc xyz aaa aaaa abab a b q w x z p`.split(/\s+/),
)
const WALKS = [
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'zaq1xsw2cde3vfr4bgt5nhy6mju7',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6',
]
const LEET: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** The rules a new password breaks; empty when it may be used. `words` are the login, name, its pinyin, phone, unit… */
export function passwordFaults(password: string, words: readonly string[] = []): PasswordFault[] {
  const faults: PasswordFault[] = []
  const length = [...password].length
  if (length < LEAST) faults.push('too-short')
  if (length > MOST) faults.push('too-long')
  if (CLASSES.filter((kind) => kind.test(password)).length < 3) faults.push('too-few-classes')
  if (isCommon(password.toLowerCase())) faults.push('too-common')
  if (containsWord(password, words)) faults.push('contains-context')
  return faults
}

function isCommon(lower: string): boolean {
  const read = [...lower].map((char) => LEET[char] ?? char).join('')
  const core = (text: string) => text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  // Both readings, before and after the digits at the ends are cut: passw0rd12, p@ssw0rd!, 123admin321.
  const plain = core(lower)
  const cores = [plain, core(read), [...plain].map((char) => LEET[char] ?? char).join('')]
  // Letters that are all but gone once digits and signs are taken away, or a known word between them.
  if (cores.some((text) => ROOTS.has(text) || text === '')) return true
  if (cores.some((text) => text.split(/[^\p{L}]+/u).every((part) => ROOTS.has(part)))) return true
  return WALKS.some((walk) => overlap(walk, lower) >= 6) || repeats(lower)
}

/** The longest run of `text` that lies on a keyboard walk. */
function overlap(walk: string, text: string): number {
  let best = 0
  for (let start = 0; start < text.length; start += 1) {
    while (start + best < text.length && walk.includes(text.slice(start, start + best + 1))) best += 1
  }
  return best
}

/** One piece over and over (Aa1!Aa1!Aa1!), or nearly all one character. */
function repeats(text: string): boolean {
  const doubled = `${text}${text}`.indexOf(text, 1)
  return (doubled > 0 && doubled <= text.length / 2) || new Set(text).size < Math.min(5, text.length)
}

function containsWord(password: string, words: readonly string[]): boolean {
  const lower = password.normalize('NFKC').toLowerCase()
  return words.some((word) => {
    const wanted = word.normalize('NFKC').toLowerCase().replace(/[\s·]/g, '')
    // Han words say much in two characters; one or two Latin ones would forbid half of all passwords.
    const least = /\p{Script=Han}/u.test(wanted) ? 2 : 3
    return [...wanted].length >= least && lower.includes(wanted)
  })
}
