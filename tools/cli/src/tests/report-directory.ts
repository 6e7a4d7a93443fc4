import type { Environment } from '@slipway/model';

/** Where reports are wanted, as Kubernetes' jobs say it. */
export const reportDirectory = (variables: Environment): string | undefined =>
  variables['KUBE_JUNIT_REPORT_DIR'] || variables['ARTIFACTS'] || undefined;
