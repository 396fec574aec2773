// `jishi …`: finds the command by its words, runs it, ends with a code of the error catalogue.
import { StartError } from '#core/start-error.ts'
import { CommandError, EXIT, parseFault } from './answer.ts'
import { readOperations } from './api.ts'
import type { Command, Io } from './command.ts'
import { adminCommands } from './commands/admin.ts'
import { checkCommands } from './commands/check.ts'
import { divisionCommands } from './commands/divisions.ts'
import { figureCoverageCommands } from './commands/figures-coverage.ts'
import { mechanismCommands } from './commands/mechanisms.ts'
import { sessionCommands } from './commands/session.ts'
import { workCommands } from './commands/work.ts'
import { helpOf, overview } from './help.ts'
import { runOperation } from './run.ts'

const io: Io = {
  out: (text) => void process.stdout.write(`${text}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
}

const wantsHelp = (words: readonly string[]) => words.includes('--help') || words.includes('-h')

/** The command with the most words that the arguments begin with. */
function find(commands: readonly Command[], words: readonly string[]) {
  const said = `${words.join(' ')} `
  return commands.filter((c) => said.startsWith(`${c.words} `)).sort((a, b) => b.words.length - a.words.length)[0]
}

async function main(words: readonly string[]): Promise<number> {
  const operations = readOperations()
  const commands: Command[] = [
    ...sessionCommands,
    ...workCommands.filter((c) => operations.has(c.operation)),
    ...(operations.has('importDivisions') ? divisionCommands : []),
    ...mechanismCommands,
    ...figureCoverageCommands,
    ...checkCommands,
    ...adminCommands,
  ]
  // `jishi help demands` asks what `jishi demands --help` asks
  const at = words.slice(0, 2).indexOf('help')
  if (at >= 0) return main([...words.toSpliced(at, 1), '--help'])
  const command = find(commands, words)
  if (!command) {
    const first = words[0]
    const near = commands.filter((c) => first && c.words.startsWith(`${first} `))
    const asked = words.length === 0 || wantsHelp(words)
    if (!asked) io.note(`没有这个命令：jishi ${words.join(' ')}\n`)
    io[asked ? 'out' : 'note'](overview(near.length > 0 ? near : commands, first === 'admin'))
    return asked ? EXIT.ok : EXIT.usage
  }
  const rest = words.slice(command.words.split(' ').length)
  if ('operation' in command) return runOperation(command, rest, io)
  if (wantsHelp(rest) && command.words !== 'call') {
    io.out(helpOf(command, undefined))
    return EXIT.ok
  }
  return command.run(rest, io)
}

function tell(error: unknown, json: boolean): number {
  if (error instanceof CommandError) {
    const { problem } = error
    if (json && problem) io.note(JSON.stringify(problem))
    else {
      io.note(error.message)
      for (const issue of problem?.issues ?? []) io.note(`  ${issue.path}：${issue.text}`)
      if (problem?.ground) io.note(`  依据：${problem.ground}`)
      if (error.exit === EXIT.unauthenticated) io.note('  请先 jishi login')
    }
    return error.exit
  }
  if (error instanceof StartError) io.note(error.message)
  else if (parseFault(error)) {
    io.note(`选项有误。${parseFault(error)}`)
    return EXIT.usage
  } else io.note(String((error as Error)?.stack ?? error))
  return EXIT.other
}

const words = process.argv.slice(2)
process.exitCode = await main(words).catch((error: unknown) => tell(error, words.includes('--json')))
