// Starts what takes longest first, so that it does not run on alone at the end. Jest itself goes by the size of a file until it has timed one, and a fresh clone has timed none.
import sequencer from '@jest/test-sequencer'

// Its types tell of a default inside the default, which Node's own import does not give.
const Sequencer = sequencer as unknown as typeof sequencer.default
type Tests = Parameters<InstanceType<typeof Sequencer>['sort']>[0]

// What mostly waits beside what mostly computes.
const longest = [
  'faults/cold', 'load/load', 'faults/warm', 'races/races', 'load/trouble', 'functions/manage-accounts-races', 'browser/sign-in', 'deploy/package', 'browser/notes',
  'functions/manage-accounts-faults', 'browser/look', 'house', 'fuzz/requests', 'browser/senses', 'shared/counter', 'fuzz/almost-right',
]

const rank = ({ path }: { path: string }) => {
  const place = longest.findIndex((name) => path.endsWith(`/test/${name}.test.ts`))
  return place < 0 ? longest.length : place
}

export default class LongestFirst extends Sequencer {
  override async sort(tests: Tests) {
    return [...(await super.sort(tests))].sort((left, right) => rank(left) - rank(right))
  }
}
