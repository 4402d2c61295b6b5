enable subgroups;
// Adds up integers over a workgroup: one addition a subgroup, whatever its size and whichever invocations it holds. Integers add
// up to the same bits in any order, so this gives those of the plain text.
var<workgroup> total: atomic<i32>;
var<workgroup> spoilt: atomic<u32>;

fn tally(value: i32) {
  let sum = subgroupAdd(value);
  if (subgroupElect()) { atomicAdd(&total, sum); }
}
