// The numbering plans of the world, as libphonenumber-js knows them: which numbers there are, and of which type. A bundle has them as a table, and nothing of
// the package (deploy/tables.ts). https://gitlab.com/catamphetamine/libphonenumber-js/blob/master/METADATA.md
import metadata from 'libphonenumber-js/max/metadata'
import type { NumberType } from 'libphonenumber-js/max'

export type PhoneType = Exclude<NumberType, undefined | 'FIXED_LINE_OR_MOBILE'>
/** A pattern is for all of a national number; lengths in digits, where they are other than those of the plan. */
export type PlanType = { type: PhoneType; pattern: string; lengths?: number[] }
export type Plan = {
  pattern: string
  lengths: number[]
  /** What people may write before a national number, and what then to make of both: one place of the pattern, `$1`, is the number. */
  prefix?: string
  rule?: string
  /** How its numbers begin, where several countries share a calling code. */
  leading?: string
  /** In the order in which they are asked. */
  types: PlanType[]
}

// By their places in the package's rows.
const types: PhoneType[] = ['FIXED_LINE', 'MOBILE', 'TOLL_FREE', 'PREMIUM_RATE', 'PERSONAL_NUMBER', 'VOICEMAIL', 'UAN', 'PAGER', 'VOIP', 'SHARED_COST']
const order: PhoneType[] = ['FIXED_LINE', 'MOBILE', 'PREMIUM_RATE', 'TOLL_FREE', 'SHARED_COST', 'VOIP', 'PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL']

type TypeRow = [pattern: string, lengths?: number[]] | 0
type Row = [
  callingCode: string, internationalPrefix: unknown, pattern: string, lengths: number[], formats: unknown, prefix: string | 0, formatting: unknown, prefixForParsing: string | 0,
  rule: string | 0, isOptional: unknown, leading: string | 0, types?: TypeRow[],
]

const planOf = ([, , pattern, lengths, , prefix, , prefixForParsing, rule, , leading, rows = []]: Row): Plan => ({
  pattern,
  lengths,
  ...(prefixForParsing || prefix ? { prefix: String(prefixForParsing || prefix) } : {}),
  ...(rule ? { rule } : {}),
  ...(leading ? { leading } : {}),
  types: order.flatMap((type) => {
    const row = rows[types.indexOf(type)]
    return row && row[0] ? [{ type, pattern: row[0], ...(row[1] ? { lengths: row[1] } : {}) }] : []
  }),
})

const { country_calling_codes: countries, countries: countryRows, nonGeographic } = metadata as unknown as {
  country_calling_codes: Record<string, string[]>; countries: Record<string, Row>; nonGeographic: Record<string, Row>
}

/** The countries of each calling code, the one first whose plan says what its numbers look like; none for those of no country, whose plan goes by the code. */
export const callingCodes: Readonly<Record<string, readonly string[]>> = { ...countries, ...Object.fromEntries(Object.keys(nonGeographic).map((code) => [code, []])) }

export const plans: Readonly<Record<string, Plan>> = Object.fromEntries(Object.entries({ ...countryRows, ...nonGeographic }).map(([key, row]) => [key, planOf(row)]))
