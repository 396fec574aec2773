// The to-do page is made of what several modules wait for; they don't know each other.
import { Todo as DemandTodo } from '#modules/demands/web/phone/todo.tsx'
import { AsksWaiting } from '#modules/forms/web/phone/asks.tsx'
import { holds, useMe } from './session.ts'

export const Todo = () => <DemandTodo more={holds(useMe(), 'form.fill') ? <AsksWaiting /> : null} />
