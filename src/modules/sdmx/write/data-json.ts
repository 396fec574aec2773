// SDMX-JSON 2.0 data: values stand once each, series and observations name them by their place.
import { periodOfKey } from '#core/calendar.ts'
import type { DataSet, Obs, Series } from '../actions/data.ts'
import {
  areaItems,
  type Component,
  confidences,
  dimensions,
  frequencyItems,
  indicatorItems,
  type Item,
  measureComponent,
  obsAttributes,
  seriesAttributes,
  statuses,
  timeDimension,
} from '../model.ts'
import { DSD, urn } from '../rules/codes.ts'
import { meta, named } from './json.ts'

/** Values in the order in which they are first met. */
class Places<T> {
  readonly values: T[] = []
  readonly #at = new Map<T, number>()
  of(value: T): number {
    const known = this.#at.get(value)
    if (known !== undefined) return known
    this.#at.set(value, this.values.length)
    return this.values.push(value) - 1
  }
}

const coded = (ids: readonly string[], items: readonly Item[]) => {
  const names = new Map(items.map((i) => [i.id, i]))
  return ids.map((id) => ({ id, ...named(names.get(id)?.name ?? id, names.get(id)?.description) }))
}

const timed = (keys: readonly string[]) =>
  keys.map((key) => {
    const period = periodOfKey(key)
    return { id: key, ...named(key), start: `${period?.from ?? key}T00:00:00Z`, end: `${period?.to ?? key}T23:59:59Z` }
  })

const about = ({ id, name }: Component) => ({ id, ...named(name) })

class Message {
  readonly #data: DataSet
  readonly #places = { FREQ: new Places<string>(), REF_AREA: new Places<string>(), INDICATOR: new Places<string>() }
  readonly #times = new Places<string>()
  readonly #units = new Places<string>()
  readonly #statuses = new Places<string>()
  readonly #confidences = new Places<string>()

  constructor(data: DataSet) {
    this.#data = data
    // time runs forward in the list, whatever series is met first
    for (const key of [...new Set(data.series.flatMap((s) => s.obs.map((o) => o.period)))].toSorted())
      this.#times.of(key)
  }

  #key = (s: Series) =>
    [this.#places.FREQ.of(s.freq), this.#places.REF_AREA.of(s.area), this.#places.INDICATOR.of(s.indicator)].join(':')

  /** The value, then attributes as places of their values or as they are. */
  #obs = (o: Obs, before: readonly (number | string)[] = []) => [
    ...(this.#data.show.values ? [o.value] : []),
    ...(this.#data.show.attributes
      ? [
          ...before,
          this.#statuses.of(o.status),
          this.#confidences.of(o.status === 'Q' ? 'C' : 'F'),
          o.numerator,
          o.denominator,
        ]
      : []),
  ]

  dataSet() {
    const { series, show, flow, asOf } = this.#data
    const links = [{ rel: 'dataflow', urn: urn.flow(flow.id) }]
    const head = { structure: 0, action: 'Replace', validFrom: asOf, links }
    if (show.flat) {
      const observations = series.flatMap((s) =>
        s.obs.map((o) => [`${this.#key(s)}:${this.#times.of(o.period)}`, this.#obs(o, [this.#units.of(s.unit)])]),
      )
      return { ...head, observations: Object.fromEntries(observations) }
    }
    const entries = series.map((s) => {
      const observations = Object.fromEntries(s.obs.map((o) => [this.#times.of(o.period), this.#obs(o)]))
      const attributes = show.attributes ? { attributes: [this.#units.of(s.unit)] } : {}
      return [this.#key(s), { ...attributes, ...(show.values ? { observations } : {}) }]
    })
    return { ...head, series: Object.fromEntries(entries) }
  }

  #dimensions() {
    const { areas, offered } = this.#data
    const items = { FREQ: frequencyItems, REF_AREA: areaItems(areas), INDICATOR: indicatorItems(offered) }
    const all = dimensions.map((d, keyPosition) => ({
      ...about(d),
      keyPosition,
      roles: [d.id],
      values: coded(this.#places[d.id].values, items[d.id]),
    }))
    const time = {
      ...about(timeDimension),
      keyPosition: all.length,
      roles: ['TIME_PERIOD'],
      values: timed(this.#times.values),
    }
    return this.#data.show.flat
      ? { dataSet: [], series: [], observation: [...all, time] }
      : { dataSet: [], series: all, observation: [time] }
  }

  #attributes() {
    const { show } = this.#data
    if (!show.attributes) return { dataSet: [], series: [], observation: [] }
    const values: Record<string, unknown[]> = {
      OBS_STATUS: coded(this.#statuses.values, statuses),
      CONF_STATUS: coded(this.#confidences.values, confidences),
    }
    const units = seriesAttributes.map((a) => ({
      ...about(a),
      relationship: { dimensions: dimensions.map((d) => d.id) },
      values: this.#units.values.map((value) => ({ value })),
    }))
    const each = obsAttributes.map((a) => ({
      ...about(a),
      relationship: { observation: {} },
      ...(values[a.id] ? { values: values[a.id] } : { format: { dataType: 'Double' } }),
    }))
    return show.flat
      ? { dataSet: [], series: [], observation: [...units, ...each] }
      : { dataSet: [], series: units, observation: each }
  }

  structure() {
    const { flow, show } = this.#data
    return {
      links: [
        { rel: 'dataflow', urn: urn.flow(flow.id) },
        { rel: 'datastructure', urn: urn.dsd(DSD) },
      ],
      ...named(flow.name),
      dimensions: this.#dimensions(),
      measures: { observation: show.values ? [{ ...about(measureComponent), format: { dataType: 'Double' } }] : [] },
      attributes: this.#attributes(),
      dataSets: [0],
    }
  }
}

export function dataJson(data: DataSet): string {
  const message = new Message(data)
  const dataSets = [message.dataSet()]
  return JSON.stringify({ meta: meta('data', data), data: { dataSets, structures: [message.structure()] } })
}
