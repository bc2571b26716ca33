import { runNames } from "./sets/single-faults.ts";
import { testShard } from "./shard.ts";

for (const name of runNames) await testShard(name, 0);
