// Invented names of places, people and errands. No real person, no article's name.
export const streets = [
  '临江街道',
  '书院街道',
  '石桥街道',
  '东岭街道',
  '云台街道',
  '柳林镇',
  '白鹤镇',
  '文昌街道',
  '北苑街道',
  '南湖街道',
  '凤凰街道',
  '长虹街道',
  '新城街道',
]

export const chains = ['山茶油', '富硒茶', '食用菌', '冷水鱼', '装备制造', '新型材料', '文化旅游', '现代物流']

const communityHeads = [
  '望江',
  '书院',
  '石桥',
  '青云',
  '杏林',
  '东坡',
  '南泉',
  '北塘',
  '长宁',
  '安乐',
  '清溪',
  '松涛',
  '桂香',
  '银杏',
  '枫林',
  '荷塘',
  '竹园',
  '梅岭',
  '兰亭',
  '菊园',
  '朝阳',
  '晨光',
  '春晖',
  '锦绣',
  '丰泽',
  '永兴',
  '同心',
  '和睦',
  '康宁',
  '福寿',
  '翠微',
]
const estateHeads = [
  '江畔',
  '柳荫',
  '锦绣',
  '阳光',
  '翠湖',
  '紫薇',
  '金桂',
  '康乐',
  '和谐',
  '东方',
  '滨河',
  '学府',
  '星河',
  '百合',
  '玉兰',
  '香樟',
  '梧桐',
  '碧水',
  '御景',
  '丽景',
  '明珠',
  '盛世',
  '华庭',
  '天和',
  '瑞景',
]
const estateTails = ['花园', '小区', '家园', '苑', '名都', '新村', '公寓', '府', '雅居', '里']

export const communityName = (index: number) =>
  `${communityHeads[index % communityHeads.length]}${index < communityHeads.length ? '' : '新'}`
export const estateName = (index: number) => {
  const round = Math.floor(index / (estateHeads.length * estateTails.length))
  const within = index % (estateHeads.length * estateTails.length)
  return `${estateHeads[within % estateHeads.length]}${estateTails[Math.floor(within / estateHeads.length)]}${['', '东区', '西区', '南区'][round] ?? ''}`
}

const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
]
const given = [
  ...'安邦宝彬斌博才昌超晨诚川春达丹德东栋芳飞枫峰福刚光广贵国海涵翰浩和恒红宏华焕辉慧吉佳嘉建健江洁金锦劲晶静娟军君俊凯康科兰磊立丽莉良林玲龙璐梅美敏明宁培鹏平萍倩强青清晴秋荣蓉瑞森山珊尚少胜石淑舒顺思松涛婷伟文武霞先翔小晓欣新鑫星兴旭雪雅妍燕阳洋瑶怡义艺毅莹颖永勇友宇雨玉远月云泽珍振正志智中忠子宗',
]

export const personName = (pick: (max: number) => number) => {
  const first = surnames[pick(surnames.length)] as string
  const one = given[pick(given.length)] as string
  return pick(5) === 0 ? first + one : first + one + (given[pick(given.length)] as string)
}

export const organs = [
  '区发展改革局',
  '区教育局',
  '区民政局',
  '区财政局',
  '区人社局',
  '区自然资源局',
  '区住建局',
  '区交通局',
  '区农业农村局',
  '区文旅局',
  '区卫健局',
  '区审计局',
  '市人民医院',
  '市第三中学',
  '市供电公司',
  '市水务集团',
  '区税务局',
  '区市场监管局',
]

export const departments = [
  '区城市管理局',
  '区住房和城乡建设局',
  '区民政局',
  '区市场监督管理局',
  '区公安分局',
  '区卫生健康局',
  '区司法局',
  '区人力资源和社会保障局',
  '区教育局',
  '区生态环境分局',
]

export const functionalNames = ['抢险救灾', '文明创建', '重点项目', '夜间经济', '志愿服务']
export const societyNames = [
  '家政服务协会',
  '茶业协会',
  '物业管理协会',
  '志愿者联合会',
  '养老服务中心',
  '社会工作服务社',
  '民营企业商会',
  '电商协会',
]

export const errands: [category: string, titles: string[]][] = [
  ['sanitation', ['清扫楼道杂物', '院落卫生大扫除', '清理小广告', '垃圾分类引导']],
  ['care', ['陪独居老人就医', '为高龄老人送餐', '假期儿童看护', '残障家庭探访']],
  ['facility', ['检查消防通道', '路灯报修协助', '健身器材检查', '楼道照明更换']],
  ['property', ['业主意见收集', '停车秩序引导', '电梯维保见证']],
  ['errand', ['代买代办', '为老人修理收音机', '陪老人拍合影']],
  ['dispute', ['邻里噪声调解', '漏水纠纷协调']],
]

export const complaints: [category: string, words: string[]][] = [
  ['sanitation', ['楼道里堆了很多旧家具，走路不方便', '垃圾点好几天没有清运，气味很大']],
  ['facility', ['三单元门口的路灯不亮，老人晚上出门看不清', '小区健身器材松动，怕孩子摔着']],
  ['property', ['电梯经常停在半层，物业一直没有修', '物业费涨价没有公示']],
  ['care', ['母亲九十岁独居，希望有人陪同复查', '家里只有老人，想请人帮忙换灯泡']],
  ['dispute', ['楼上装修到很晚，影响孩子休息', '邻居家漏水泡了天花板']],
  ['enforcement', ['顶楼有人搭建阳光房，担心安全']],
  ['licence', ['开小餐馆要办哪些证件']],
]

/** 微心愿: what the card shows everybody, and what was said. */
export const wishes: [category: string, card: string, words: string][] = [
  ['study', '圆学童书包心愿', '孩子明年上小学，想要一个新书包'],
  ['study', '一套彩笔和画纸', '女儿喜欢画画，家里没有像样的彩笔'],
  ['daily', '一条电热毯', '冬天夜里冷，想要一条电热毯'],
  ['daily', '一台小型收音机', '老伴走后一个人，想听听戏'],
  ['repair', '修理厨房水龙头', '水龙头漏水，自己拧不动'],
  ['repair', '安装卫生间扶手', '洗澡怕滑倒，想装个扶手'],
  ['company', '陪老人拍一张合影', '想和老邻居们照张相'],
  ['company', '周末陪孩子读书', '我上夜班，周末没人陪孩子看书'],
  ['health', '一根四脚拐杖', '腿脚不好，想要根稳当的拐杖'],
  ['health', '一台电子血压计', '血压高，想在家里自己量'],
]

/** What was answered to complaints, by category. */
export const answers: Record<string, string> = {
  sanitation: '已联系保洁当天清运，楼道物品请业主三日内搬走，社区每周巡查一次。',
  facility: '已报物业维修，更换完毕，夜间照明恢复正常。',
  property: '已约谈物业，维修记录和收费依据在公示栏公示，业主可随时查询。',
  care: '已安排结对党员每周上门，复查当天由志愿者陪同。',
  dispute: '网格员和调解员已上门调解，双方约定了装修时间并签字。',
  enforcement: '执法人员现场核查，已下达限期整改通知，到期复查。',
  licence: '需办理营业执照和食品经营许可，可在区政务服务中心一窗办理，材料清单已短信告知。',
}

export const opinions: [kind: 'complaint' | 'suggestion' | 'fault', page: string, words: string, reply: string][] = [
  ['suggestion', '/m/tasks', '任务能不能按离家近的小区排在前面', '系统不读取位置，已改为先列报到社区的任务。'],
  ['fault', '/p', '扫码后页面打开很慢', '已优化，首次打开更快；仍慢请补充手机型号。'],
  ['complaint', '/console/demands', '派单退回后原因看不全', '已调整，退单原因全文显示。'],
  ['suggestion', '/console/figures', '希望能导出按社区分列的数字', '数字由来里可按下级分列后导出。'],
  ['fault', '/m/record', '服务证明打印时少了一行', '已修复打印版式。'],
  ['suggestion', '/console/asks', '上期填过的数请带出来', '已带出上期数，核对后提交即可。'],
  ['complaint', '/f', '查询码太长不好记', '可点“把查询码记在这台设备上”，或保存链接。'],
  ['suggestion', '/m/about', '字再大一些', '右上角“大字”可切换。'],
]
