import { testShard } from "./shard.ts";

await testShard("full", 0);
await testShard("commands", 0);
await testShard("money", 0);
await testShard("watch", 0);
