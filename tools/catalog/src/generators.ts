import type { GeneratorName } from '@slipway/model';

/** A generator of Kubernetes' trees. */
export interface Generator {
  readonly name: GeneratorName;
  /** A package asks for it by a line of this kind in any of its Go files. Undefined: it is called for fixed lists. */
  readonly tag: RegExp | undefined;
  /** The package of its command. */
  readonly tool: string;
  /** The file it makes: in each package that asks, or `once` for all of them. */
  readonly file: string;
  readonly makes: 'each' | 'once';
  /** Makefiles of trees with vendored generators do not run it, though it is there. */
  readonly inModulesOnly?: true;
}

/** In the order in which the scripts run them. To add one: a row, and its arguments in plan/src/steps/generator-calls.ts. */
export const generators = [
  {
    name: 'prerelease-lifecycle',
    tag: /\+k8s:prerelease-lifecycle-gen=true/,
    tool: 'k8s.io/code-generator/cmd/prerelease-lifecycle-gen',
    file: 'zz_generated.prerelease-lifecycle.go',
    makes: 'each',
  },
  {
    name: 'deepcopy',
    tag: /\+k8s:deepcopy-gen=/,
    tool: 'k8s.io/code-generator/cmd/deepcopy-gen',
    file: 'zz_generated.deepcopy.go',
    makes: 'each',
  },
  {
    name: 'defaulter',
    tag: /\+k8s:defaulter-gen=/,
    tool: 'k8s.io/code-generator/cmd/defaulter-gen',
    file: 'zz_generated.defaults.go',
    makes: 'each',
  },
  {
    name: 'conversion',
    tag: /^\/\/ *\+k8s:conversion-gen=/m,
    tool: 'k8s.io/code-generator/cmd/conversion-gen',
    file: 'zz_generated.conversion.go',
    makes: 'each',
  },
  {
    name: 'register',
    tag: /^\/\/ *\+groupName=/m,
    tool: 'k8s.io/code-generator/cmd/register-gen',
    file: 'zz_generated.register.go',
    makes: 'each',
    inModulesOnly: true,
  },
  {
    name: 'openapi',
    tag: /\+k8s:openapi-gen=/,
    tool: 'k8s.io/kube-openapi/cmd/openapi-gen',
    file: 'zz_generated.openapi.go',
    makes: 'once',
  },
  {
    name: 'bindata',
    tag: undefined,
    tool: 'github.com/jteeuwen/go-bindata/go-bindata',
    file: 'bindata.go',
    makes: 'once',
  },
] as const satisfies readonly Generator[];

/** Every tag stands in a comment that begins like this. */
export const generatorMark = /^\/\/ *\+(?:k8s:|groupName=)/m;

/** What trees with a Makefile.generated_files (Kubernetes 1.6 to 1.22) say in it, where nothing can ask. */
export const generatedFilesMakefile = {
  paths: ['Makefile.generated_files', 'build/root/Makefile.generated_files'],
  /** Peers of every conversion, as import paths below the tree's own or as they are. */
  conversionPeers: ['@/pkg/apis/core', '@/pkg/apis/core/v1', 'k8s.io/api/core/v1'],
  /** What deepcopy functions may be called on. */
  boundingDirectories: ['@', 'k8s.io/api'],
  header: 'vendor/k8s.io/code-generator/hack/boilerplate.go.txt',
  /** The whole of the API, and what an extension server needs of it. */
  openapi: [
    { package: 'pkg/generated/openapi', of: undefined, violations: 'api/api-rules/violation_exceptions.list' },
    {
      package: 'staging/src/k8s.io/apiextensions-apiserver/pkg/generated/openapi',
      of: ['k8s.io/apimachinery/pkg/apis/meta/v1', 'k8s.io/api/autoscaling/v1'],
      violations: undefined,
    },
  ],
  /** Calls go-bindata. */
  bindataScript: 'hack/generate-bindata.sh',
} as const;
