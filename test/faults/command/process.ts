import { serveJobs } from "./processes.ts";

serveJobs();
