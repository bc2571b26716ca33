import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** Opens a counter. It adds 1 to a metric by writing a log line that CloudWatch reads; it makes no call. */
export const openCounter = () => {
  const metrics = new Metrics();
  return (name: string): void => {
    metrics.singleMetric().addMetric(name, MetricUnit.Count, 1);
  };
};
