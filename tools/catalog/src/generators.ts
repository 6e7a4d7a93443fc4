import type { GeneratorName } from '@slipway/model';

/** A generator of Kubernetes' trees. */
export interface Generator {
  readonly name: GeneratorName;
  /**
   * A line in any Go file of a package that matches asks for the generator. Undefined: it is called for fixed lists.
   */
  readonly tag: RegExp | undefined;
  /** The package of its command. */
  readonly tool: string;
  /** The file it writes: in each package that asks, or `once` for all of them. */
  readonly file: string;
  readonly makes: 'each' | 'once';
  /** Makefiles of trees with vendored generators do not run it, even if it exists. */
  readonly inModulesOnly?: true;
}

/** In the scripts' order. To add one: a row here, and its arguments in plan/src/steps/generator-calls.ts. */
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

/** The beginning of all comments with tags. */
export const generatorMark = /^\/\/ *\+(?:k8s:|groupName=)/m;

/** Settings in a Makefile.generated_files (Kubernetes 1.6 to 1.22), which slipway cannot query. */
export const generatedFilesMakefile = {
  paths: ['Makefile.generated_files', 'build/root/Makefile.generated_files'],
  /** Peers of every conversion: import paths, with `@` for the tree's own. */
  conversionPeers: ['@/pkg/apis/core', '@/pkg/apis/core/v1', 'k8s.io/api/core/v1'],
  /** Packages whose types may have deepcopy functions. */
  boundingDirectories: ['@', 'k8s.io/api'],
  header: 'vendor/k8s.io/code-generator/hack/boilerplate.go.txt',
  /** All packages of the API, and those that an extension server needs. */
  openapi: [
    { package: 'pkg/generated/openapi', of: undefined, violations: 'api/api-rules/violation_exceptions.list' },
    {
      package: 'staging/src/k8s.io/apiextensions-apiserver/pkg/generated/openapi',
      of: ['k8s.io/apimachinery/pkg/apis/meta/v1', 'k8s.io/api/autoscaling/v1'],
      violations: undefined,
    },
  ],
  /** The script that calls go-bindata. */
  bindataScript: 'hack/generate-bindata.sh',
} as const;
