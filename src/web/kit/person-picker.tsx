import type { PersonRow } from '#modules/people/contract.ts'
import { type Picking, SearchPicker } from './search-picker.tsx'

/** Finds a person on record by name, pinyin or last four digits. */
export const PersonPicker = (picking: Picking) => (
  <SearchPicker<PersonRow>
    {...picking}
    path="/persons"
    ask={(search) => (search ? { search } : null)}
    show={(p) => `${p.name}　${p.branch ?? p.home?.name ?? ''}`}
    placeholder="姓名、拼音首字母、证件或手机后四位"
    hint="请输入姓名、拼音首字母或后四位"
  />
)
