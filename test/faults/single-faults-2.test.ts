import { testShard } from "./shard.ts";

await testShard("full", 1);
await testShard("commands", 1);
await testShard("money", 1);
await testShard("watch", 1);
