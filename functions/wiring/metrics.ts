import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

/** Counts one of `name` in CloudWatch, by a line in the log: no call, and nothing to flush. */
export const openCounter = () => {
  const metrics = new Metrics();
  return (name: string): void => {
    metrics.singleMetric().addMetric(name, MetricUnit.Count, 1);
  };
};
