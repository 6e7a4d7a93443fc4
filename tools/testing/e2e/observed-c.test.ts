import { compilerBuilds, headerBuilds, libraryBuilds } from '../src/observe/c-builds.ts';
import { testObserved } from '../src/observe/test-observed.ts';

testObserved('C and its headers', headerBuilds);
testObserved('libraries and linkers', libraryBuilds);
testObserved('C compilers and their settings', compilerBuilds);
