import { flagBuilds, sourceBuilds } from '../src/observe/go-builds.ts';
import { testObserved } from '../src/observe/test-observed.ts';

testObserved('sources, modules and settings', sourceBuilds);
testObserved('flags', flagBuilds);
