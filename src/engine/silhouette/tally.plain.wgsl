// Adds up integers over a workgroup: every invocation by itself.
var<workgroup> total: atomic<i32>;
var<workgroup> spoilt: atomic<u32>;

fn tally(value: i32) { atomicAdd(&total, value); }
