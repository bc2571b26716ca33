import { testShard } from "./shard.ts";

await testShard("seeds", 0);
