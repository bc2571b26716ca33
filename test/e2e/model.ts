/** What the contract says an answer holds, written down apart from the code that is under test. */

export interface Project {
  id: string;
  name: string;
  description: string | null;
  status: string;
  current_phase: string;
  oversight_level: string;
  workflow: string;
  head: number;
  created_at: string;
  updated_at: string;
  completed_at: string | null;
}

interface Handoff {
  handoff_id: string;
  project_id: string;
  from_agent: string;
  to_agent: string;
  phase: string;
  instructions: string;
  context_ids: string[];
  expected_outputs: unknown[];
  priority: number;
  status: string;
}

export interface Task {
  task_id: string;
  project_id: string;
  name: string;
  agent_type: string;
  phase: string | null;
  instructions: string;
  context_ids: string[];
  priority: number;
  status: string;
  attempt: number;
  max_attempts: number;
  progress_percentage: number;
  output: unknown;
  error: { code: string; message: string } | null;
  handoff: Handoff | null;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  completed_at: string | null;
}

export interface AgentStatus {
  agent_type: string;
  status: string;
  project_id: string;
  current_task_id: string | null;
  error_message: string | null;
  last_activity: string | null;
}

export interface Artifact {
  context_id: string;
  project_id: string;
  source_agent: string;
  artifact_type: string;
  content: unknown;
  artifact_metadata: Record<string, unknown>;
  version: number;
  sha256: string;
  created_at: string;
  updated_at: string;
}

export interface HitlRequest {
  request_id: string;
  project_id: string;
  task_id: string;
  question: string;
  options: string[];
  status: string;
  context_ids: { context_id: string; sha256: string }[];
  user_response: unknown;
  response_comment: string | null;
  amended_content: unknown;
  responded_by: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string;
  responded_at: string | null;
  history: {
    timestamp: string;
    action: string;
    user_id: string | null;
    content: unknown;
    comment: string | null;
  }[];
}

export interface Decision {
  request_id: string;
  action: string;
  status: string;
  message: string;
  workflow_resumed: boolean;
  request: HitlRequest;
}

export interface ProjectEvent {
  seq: number;
  event_id: string;
  event_type: string;
  project_id: string;
  task_id: string | null;
  agent_type: string | null;
  data: Record<string, unknown>;
  actor: { type: string; id: string };
  timestamp: string;
}

export interface Status {
  project_id: string;
  status: string;
  current_phase: string;
  head: number;
  progress_percentage: number;
  tasks: Task[];
  agents: AgentStatus[];
  pending_hitl: HitlRequest[];
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  request_id: string;
  errors?: { pointer: string; detail: string }[];
}
