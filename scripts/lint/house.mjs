// The house rules that no ready-made lint rule covers.
const noBareDate = {
  meta: { type: 'problem', messages: { bare: 'Time comes from core/clock.ts, or as a parameter; new Date() reads the machine.' } },
  create(context) {
    return {
      NewExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) {
          context.report({ node, messageId: 'bare' })
        }
      },
    }
  },
}

export default { meta: { name: 'house' }, rules: { 'no-bare-date': noBareDate } }
