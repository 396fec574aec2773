// `jishi admin …`: what only the one who runs the machine does. Each command loads its part when it is called.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { commandSettings } from '#core/config.ts'
import { EXIT, usage } from '../answer.ts'
import type { OpenPlace } from '../admin/place.ts'
import type { FreeCommand, Io } from '../command.ts'
import { show, table } from '../table.ts'
import { askSecret } from './session.ts'

const JSON_OPTION = { json: { type: 'boolean' } } as const

async function passphraseOf(file: string | undefined, twice: boolean): Promise<string> {
  if (file) return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  const given = commandSettings().passphrase
  if (given) return given
  const typed = await askSecret('备份口令')
  if (twice && (await askSecret('再输一次')) !== typed) throw usage('两次输入不同')
  return typed
}

const inPlace = async <T>(io: Io, act: (place: OpenPlace) => Promise<T>) =>
  (await import('../admin/place.ts')).inPlace(io.note, act)

async function migrateNow(words: readonly string[], io: Io) {
  const { values } = parseArgs({ args: [...words], options: JSON_OPTION })
  const [{ migrate }, { prepareJobs }, { jobs }] = await Promise.all([
    import('#core/migrate.ts'),
    import('#core/jobs/queue.ts'),
    import('#jobs.ts'),
  ])
  const applied = await inPlace(io, async ({ ownerUrl }) => {
    const names = await migrate(ownerUrl, io.note)
    await prepareJobs(ownerUrl, jobs)
    return names
  })
  io.out(values.json ? JSON.stringify({ applied }) : applied.length > 0 ? `已升级 ${applied.length} 个` : '已是最新')
  return EXIT.ok
}

async function verifyNow(words: readonly string[], io: Io) {
  const { values } = parseArgs({ args: [...words], options: { ...JSON_OPTION, anchor: { type: 'string' } } })
  const { verifyHistory } = await import('../admin/history.ts')
  const verdicts = await inPlace(io, (place) => verifyHistory(place, values.anchor))
  if (values.json) io.out(JSON.stringify(verdicts, null, 2))
  else {
    for (const v of verdicts) {
      io.out(
        `${v.name}（${v.code}）：${v.sound ? '完好' : '有问题'}，${v.entries} 条；锚 ${v.anchors.lines} 个${v.anchors.newest ? `，最近 ${v.anchors.newest}` : ''}`,
      )
      if (v.anchors.broken.length > 0) io.out(`  锚文件第 ${v.anchors.broken.join('、')} 行不对`)
      if (v.flaws.length > 0) io.out(show(v.flaws))
    }
  }
  return verdicts.every((v) => v.sound) ? EXIT.ok : EXIT.other
}

async function backupNow(words: readonly string[], io: Io) {
  const options = {
    ...JSON_OPTION,
    to: { type: 'string' },
    'with-keys': { type: 'boolean' },
    'passphrase-file': { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...words], options })
  const { to } = values
  if (!to) throw usage('缺少 --to <文件>')
  const passphrase = await passphraseOf(values['passphrase-file'], true)
  const { backup } = await import('#core/backup.ts')
  const done = await inPlace(io, ({ embedded, folder, ownerUrl }) => {
    if (!embedded) throw usage('DATABASE_URL 指向外部数据库：请用该数据库自己的备份办法，并另存数据目录中的 keys。')
    return backup({ folder, ownerUrl, to, passphrase, withKeys: values['with-keys'] ?? false, tell: io.note })
  })
  if (values.json) io.out(JSON.stringify(done))
  else {
    const rows = Object.values(done.manifest.tables).reduce((a, b) => a + b, 0)
    io.out(
      `备份完成：${done.file}，${(done.bytes / 1024 ** 2).toFixed(1)} MB，${Object.keys(done.manifest.tables).length} 张表 ${rows} 行。`,
    )
    for (const file of done.keysKeptApart) io.out(`主密钥不在备份中，请另行保管（没有它，敏感字段打不开）：${file}`)
  }
  return EXIT.ok
}

async function restoreNow(words: readonly string[], io: Io) {
  const options = {
    ...JSON_OPTION,
    from: { type: 'string' },
    to: { type: 'string' },
    keys: { type: 'string' },
    erasures: { type: 'string' },
    'without-erasures': { type: 'boolean' },
    'passphrase-file': { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...words], options })
  const { from, to } = values
  if (!from || !to) throw usage('缺少 --from <备份文件> 或 --to <新的空目录>')
  const { erasures } = values
  if (!erasures && !values['without-erasures'])
    throw usage(
      '缺少 --erasures <另存的 erasures.jsonl>：备份之后抹除过的内容须再抹除一次。确实没有的，写 --without-erasures',
    )
  const passphrase = await passphraseOf(values['passphrase-file'], false)
  const [{ restore }, { eraseAgain }] = await Promise.all([import('#core/backup.ts'), import('../admin/retention.ts')])
  let again = 0
  const settle = async (place: Pick<OpenPlace, 'folder' | 'database'>) => {
    io.note('正在补做备份之后的抹除 …')
    again = await eraseAgain(place, erasures)
  }
  const done = await restore({ from, to, keys: values.keys, passphrase, tell: io.note, settle })
  if (values.json) io.out(JSON.stringify({ ...done, erasedAgain: again }))
  else {
    io.out(`已恢复到 ${done.folder}：${done.madeAt} 的备份，${done.tables} 张表 ${done.rows} 行，与清单一致。`)
    for (const d of done.districts) io.out(`区县 ${d.district}：历史记录 ${d.entries} 条，链完好。`)
    io.out(
      erasures
        ? `按抹除清单又抹除 ${again} 条。`
        : '没有抹除清单：备份之后应本人要求抹除的内容重又出现，请逐件补办后再启用。',
    )
    io.out(`启动：JISHI_DATA=${done.folder} npm start`)
  }
  return EXIT.ok
}

async function retentionNow(words: readonly string[], io: Io) {
  const options = { ...JSON_OPTION, 'dry-run': { type: 'boolean' } } as const
  const { values } = parseArgs({ args: [...words], options })
  const { runRetention } = await import('../admin/retention.ts')
  const kept = await inPlace(io, (place) => runRetention(place, { dryRun: values['dry-run'] ?? false }))
  if (values.json) io.out(JSON.stringify(kept, null, 2))
  else
    io.out(
      table(kept, [
        { key: 'district', title: '区县' },
        { key: 'job', title: '任务' },
        { key: 'before', title: '超期' },
        { key: 'after', title: values['dry-run'] ? '超期（未处理）' : '处理后' },
      ]),
    )
  return kept.every((k) => k.after === 0) ? EXIT.ok : EXIT.other
}

async function districtNow(words: readonly string[], io: Io) {
  const options = {
    ...JSON_OPTION,
    code: { type: 'string' },
    name: { type: 'string' },
    pack: { type: 'string', default: 'demo' },
  } as const
  const { values } = parseArgs({ args: [...words], options })
  const { code, name, pack } = values
  if (!code || !/^\d{6}$/.test(code) || !name) throw usage('缺少 --code <六位区划代码> 或 --name <区县名>')
  const { makeDistrict } = await import('../admin/district.ts')
  const made = await inPlace(io, (place) => makeDistrict(place, { code, name, pack }))
  if (values.json) io.out(JSON.stringify(made, null, 2))
  else {
    io.out(`已建立 ${name}（第 ${made.id} 号区县）。三员账号如下，只显示这一次；首次登录须改口令：`)
    io.out(
      table(made.officers, [
        { key: 'login', title: '账号' },
        { key: 'role', title: '角色' },
        { key: 'password', title: '口令' },
        { key: 'totp', title: '动态口令密钥', most: 64 },
      ]),
    )
  }
  return EXIT.ok
}

async function doctorNow(words: readonly string[], io: Io) {
  const { values } = parseArgs({ args: [...words], options: JSON_OPTION })
  const { examine } = await import('../admin/doctor.ts')
  const findings = await inPlace(io, examine)
  if (values.json) io.out(JSON.stringify(findings, null, 2))
  else for (const f of findings) io.out(`${f.ok ? '✓' : '✗'} ${f.what}：${f.detail}`)
  return findings.every((f) => f.ok) ? EXIT.ok : EXIT.other
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

async function incidentNow(words: readonly string[], io: Io) {
  const options = {
    ...JSON_OPTION,
    from: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string', short: 'o' },
    log: { type: 'string' },
    open: { type: 'string' },
    'passphrase-file': { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...words], options })
  const { from, to, out, open, log } = values
  const { openIncident, packIncident } = await import('../admin/incident.ts')
  if (open) {
    if (!out) throw usage('缺少 --out <新的空目录>')
    const paths = await openIncident(open, out, await passphraseOf(values['passphrase-file'], false))
    io.out(values.json ? JSON.stringify({ folder: out, paths }) : `已展开到 ${out}：${paths.join('、')}`)
    return EXIT.ok
  }
  if (!from || !to || !out || !DAY.test(from) || !DAY.test(to))
    throw usage('缺少 --from <YYYY-MM-DD>、--to <YYYY-MM-DD> 或 --out <文件>')
  const { instantOf } = await import('#core/calendar.ts')
  const passphrase = await passphraseOf(values['passphrase-file'], true)
  const wish = { from: instantOf(from, '00:00'), to: instantOf(to, '24:00'), out, passphrase, log }
  const done = await inPlace(io, (place) => packIncident(place, wish))
  io.out(
    values.json
      ? JSON.stringify(done)
      : `已封好 ${done.file}（${done.districts} 个区县，${from} 至 ${to}），凭口令展开。`,
  )
  return EXIT.ok
}

async function sealNow(words: readonly string[], io: Io) {
  const options = { ...JSON_OPTION, remove: { type: 'boolean' } } as const
  const { values } = parseArgs({ args: [...words], options })
  const [{ readConfig }, { loadKeyring, openssl }, { clock }, program] = await Promise.all([
    import('#core/config.ts'),
    import('#core/crypto.ts'),
    import('#core/clock.ts'),
    import('#core/program.ts'),
  ])
  const { dataFolder } = readConfig(undefined, [])
  if (values.remove) {
    program.unsealProgram(dataFolder)
    io.out(values.json ? JSON.stringify({ sealed: false }) : '已取消封存：启动时不再核对程序文件。')
    return EXIT.ok
  }
  const found = program.readProgram()
  program.sealProgram(dataFolder, openssl(loadKeyring(dataFolder, { create: false })), found, clock.now())
  const [files, fingerprint] = [Object.keys(found).length, program.fingerprintOf(found)]
  io.out(
    values.json
      ? JSON.stringify({ sealed: true, files, fingerprint })
      : `已封存 ${files} 个文件，指纹 ${fingerprint}。此后有一个字节不同就不启动；升级之后请重新封存。`,
  )
  return EXIT.ok
}

async function openapiNow(_: readonly string[], io: Io) {
  const [{ openapi }, { routes }] = await Promise.all([import('#core/http/openapi.ts'), import('#app.ts')])
  io.out(JSON.stringify(openapi(routes), null, 2))
  return EXIT.ok
}

const passphraseOption = '--passphrase-file <文件>（或环境变量 JISHI_PASSPHRASE；都没有则在终端询问）'

export const adminCommands: FreeCommand[] = [
  { words: 'admin migrate', about: '升级数据库', example: 'jishi admin migrate', options: ['--json'], run: migrateNow },
  {
    words: 'admin history verify',
    about: '逐条核验历史记录链，并与锚对照；有问题时退出码为 1',
    example: 'jishi admin history verify --anchor /mnt/usb/anchors.jsonl',
    options: ['--anchor <文件>（另处保存的锚；不给则用数据目录里的）', '--json'],
    run: verifyNow,
  },
  {
    words: 'admin backup',
    about: '不停机备份，加密成一个文件',
    example: 'jishi admin backup --to /mnt/backup/2026-11-22.jishi --passphrase-file /root/backup.pass',
    options: ['--to <文件>（必填）', passphraseOption, '--with-keys（把主密钥也放进去；默认分开保管）', '--json'],
    run: backupNow,
  },
  {
    words: 'admin restore',
    about: '恢复到新目录：启动、清点、核验，全部相符才算成功',
    example:
      'jishi admin restore --from 2026-11-22.jishi --to /var/lib/jishi/restored --keys /mnt/usb/keys --erasures /mnt/usb/erasures.jsonl',
    options: [
      '--from <备份文件>（必填）',
      '--to <新的空目录>（必填）',
      '--keys <密钥目录>',
      '--erasures <文件>（另存的 erasures.jsonl：备份之后抹除过的再抹除一次）',
      '--without-erasures（没有这份清单）',
      passphraseOption,
      '--json',
    ],
    run: restoreNow,
  },
  {
    words: 'admin retention',
    about: '清理保存期已过的内容：先数，再按夜间任务同样的办法删除；仍有超期的退出码为 1',
    example: 'jishi admin retention --dry-run',
    options: ['--dry-run（只数不删）', '--json'],
    run: retentionNow,
  },
  {
    words: 'admin create district',
    about: '按方案建立一个区县和三员账号',
    example: 'jishi admin create district --code 420399 --name 青石区 --pack demo',
    options: [
      '--code <六位区划代码>（必填）',
      '--name <区县名>（必填）',
      '--pack <方案>（packs/ 下的目录，默认 demo）',
      '--json',
    ],
    run: districtNow,
  },
  {
    words: 'admin doctor',
    about: '体检：访问方式、磁盘、密钥、程序文件、数据库、数据页、隔离、三员、时钟、升级、锚定、搁置的任务',
    example: 'jishi admin doctor',
    options: ['--json'],
    run: doctorNow,
  },
  {
    words: 'admin incident',
    about: '事件取证：把一段时间的操作记录、核验结果、登录与失败、账号与授权、看过谁的内容、版本和配置封成一个加密文件',
    example: 'jishi admin incident --from 2026-11-20 --to 2026-11-22 --out /mnt/usb/incident.jishi',
    options: [
      '--from <YYYY-MM-DD>、--to <YYYY-MM-DD>（含当日，必填）',
      '--out <文件>（必填；与 --open 同用时为展开到的新目录）',
      '--log <文件>（服务日志，附上最后 1 MB）',
      '--open <文件>（展开一个已封好的）',
      passphraseOption,
      '--json',
    ],
    run: incidentNow,
  },
  {
    words: 'admin seal',
    about: '封存程序文件：此后被改动、缺失或多出文件时不启动',
    example: 'jishi admin seal',
    options: ['--remove（取消封存）', '--json'],
    run: sealNow,
  },
  {
    words: 'admin openapi',
    about: '输出 OpenAPI 3.1 文档',
    example: 'jishi admin openapi > openapi.json',
    options: [],
    run: openapiNow,
  },
]
