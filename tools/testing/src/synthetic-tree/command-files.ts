import { GoFile } from './go-file.ts';
import { phrase } from './go-functions.ts';
import { type PackageFile, type PackageWriting, weighing } from './package-writing.ts';

/** Files of the packages that belong to one command, and of the package versions are stamped into. */
export function commandFiles(writing: PackageWriting): PackageFile[] {
  switch (writing.package.kind) {
    case 'version':
      return [{ path: 'version.go', text: versionFile(writing) }];
    case 'app':
      return [{ path: 'app.go', text: appFile(writing) }];
    case 'suite':
      return suiteFiles(writing);
    default:
      return [{ path: `${baseName(writing)}.go`, text: mainFile(writing) }];
  }
}

const baseName = ({ package: each }: PackageWriting): string => each.dir.slice(each.dir.lastIndexOf('/') + 1);

function mainFile(writing: PackageWriting): string {
  const { imports, random } = writing;
  const file = new GoFile('main', { comment: `Command ${baseName(writing)} is made to be built, and says so.` });
  const app = imports.find((other) => other.kind === 'app');
  const terms = imports.map(
    (other) => `, ${file.use(other.importPath, other.name)}.${other === app ? 'Run(os.Args[1:])' : 'Weigh(2)'}`,
  );
  const result =
    app === undefined
      ? `${file.use('fmt')}.Println("${phrase(random)}"${terms.join('')})`
      : `${file.use('os')}.Exit(${terms.join('').slice(2)})`;
  file.add(`func main() {\n\t${result}\n}`);
  return file.toString();
}

function appFile({ package: each, imports, random }: PackageWriting): string {
  const file = new GoFile(each.name, { comment: `Package ${each.name} is what ${each.command!.name} does.` });
  const name = each.command!.name;
  const version = imports.find((other) => other.kind === 'version');
  const said = version === undefined ? '"unknown"' : `${file.use(version.importPath, version.name)}.Get().String()`;
  const fmt = file.use('fmt');
  file.add(`// Run does what the arguments say and returns what the process ends with.
func Run(args []string) int {
	if len(args) > 0 && args[0] == "--version" {
		${fmt}.Println("${name}", ${said})
		return 0
	}
	${fmt}.Println("${name} weighs", Weigh(2)${each.command!.cgo ? ', whose()' : ''})
	return 0
}`);
  if (each.command!.cgo) file.add(whoseFunction(file));
  file.add(weighing('Weigh', weighTerms(file, imports), random.below(100)));
  return file.toString();
}

const weighTerms = (file: GoFile, imports: PackageWriting['imports']): string[] =>
  imports.map((other) => `${file.use(other.importPath, other.name)}.Weigh(depth - 1)`);

/** These two packages of the standard library are other code with cgo than without. */
function whoseFunction(file: GoFile): string {
  return `// whose asks the system's own libraries, where there is cgo.
func whose() string {
	hosts, _ := ${file.use('net')}.LookupHost("localhost")
	me, err := ${file.use('os/user')}.Current()
	if err != nil {
		return err.Error()
	}
	return ${file.use('fmt')}.Sprint(me.Username, len(hosts))
}`;
}

/** The variables a build stamps. */
function versionFile({ package: each, random }: PackageWriting): string {
  const file = new GoFile(each.name, { comment: `Package ${each.name} knows which build this is.` });
  file.add(`// Stamped by the linker.
var (
	gitMajor     string
	gitMinor     string
	gitVersion   = "v0.0.0-unstamped"
	gitCommit    string
	gitTreeState string
	buildDate    = "1970-01-01T00:00:00Z"
)`);
  file.add(`// Info is what a build says of itself.
type Info struct {
	Major, Minor, Version, Commit, TreeState, Date string
}

// Get gives what was stamped.
func Get() Info {
	return Info{gitMajor, gitMinor, gitVersion, gitCommit, gitTreeState, buildDate}
}

// String is the version for people.
func (i Info) String() string {
	return i.Version + " " + i.Commit + " " + i.TreeState + " " + i.Date + " " + i.Major + "." + i.Minor
}

// Hold keeps a build.
type Hold struct {
	Build Info
}`);
  file.add(weighing('Weigh', ['len(Get().Version)'], random.below(100)));
  return file.toString();
}

/** The directory of a test binary: a library, and the test that makes it a program. */
function suiteFiles({ package: each, imports, random }: PackageWriting): PackageFile[] {
  const library = new GoFile(each.name, { comment: `Package ${each.name} tries the whole tree.` });
  library.add(weighing('Weigh', weighTerms(library, imports), random.below(100)));
  const test = new GoFile(each.name);
  const testing = test.use('testing');
  const os = test.use('os');
  test.add(`func TestMain(m *${testing}.M) {\n\t${os}.Exit(m.Run())\n}`);
  test.add(
    `func TestWeigh(t *${testing}.T) {\n\tif Weigh(1) < Weigh(0) {\n\t\tt.Fatal("weighs less with what is below")\n\t}\n}`,
  );
  return [
    { path: `${each.name}.go`, text: library.toString() },
    { path: `${each.name}_test.go`, text: test.toString() },
  ];
}
