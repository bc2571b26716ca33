import { serveJobs } from "./crew.ts";

serveJobs();
