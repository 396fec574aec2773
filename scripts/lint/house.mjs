// The house rules that no ready-made lint rule covers.
const rule = (message, visitor) => ({
  meta: { type: 'problem', messages: { broken: message } },
  create: (context) => visitor((node) => context.report({ node, messageId: 'broken' })),
})

const noBareDate = rule(
  'Time comes from core/clock.ts, or as a parameter; new Date() reads the machine.',
  (report) => ({
    NewExpression(node) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) report(node)
    },
  }),
)

const oneWriteDoor = rule('A transaction is opened in core/db.ts only; use ctx.write or ctx.read.', (report) => ({
  CallExpression(node) {
    const { callee } = node
    if (callee.type === 'MemberExpression' && callee.property.name === 'transaction') report(node)
  },
}))

export default { meta: { name: 'house' }, rules: { 'no-bare-date': noBareDate, 'one-write-door': oneWriteDoor } }
