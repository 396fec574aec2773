import type { ReactNode } from 'react'

export interface Column<T> {
  id: string
  title: string
  render: (row: T) => ReactNode
  /** plain text for the exported file; a column without it is not exported */
  text?: (row: T) => string | number | null | undefined
  width?: number
  align?: 'right' | 'center'
  /** value of the server's `sort`; `desc` where it knows the reverse */
  sort?: { up?: string; down?: string }
  /** shown only when chosen */
  extra?: boolean
  /** summed in the total row of the page */
  sum?: (row: T) => number
}

export type Query = Record<string, string | number | boolean | null | undefined>

export interface ListOf<T> {
  rows: T[]
  total: number
  /** what was searched for is hit more often than `total`: the first are listed */
  more?: boolean
}
