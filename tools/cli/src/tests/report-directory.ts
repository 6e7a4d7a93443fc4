import type { Environment } from '@slipway/model';

/** The directory for reports, by the variables of Kubernetes' jobs. */
export const reportDirectory = (variables: Environment): string | undefined =>
  variables['KUBE_JUNIT_REPORT_DIR'] || variables['ARTIFACTS'] || undefined;
