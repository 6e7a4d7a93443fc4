import { GoFile } from './go-file.ts';
import { phrase } from './go-functions.ts';
import type { PackageFile, PackageWriting } from './package-writing.ts';
import { distributions } from './shape.ts';
import { capitalize, nouns } from './words.ts';

/** Tests of a library, about a third of them from outside its package. */
export function testFiles({ package: each, random }: PackageWriting): PackageFile[] {
  const { part } = each.module;
  if (!random.chance(distributions.tested[part])) return [];
  const names = [each.name, ...random.shuffle(nouns.filter((noun) => noun !== each.name))].slice(
    0,
    random.quantile(distributions.testFiles[part]),
  );
  return names.map((name) => {
    const outside = random.chance(0.3);
    const file = new GoFile(outside ? `${each.name}_test` : each.name);
    const testing = file.use('testing');
    const weigh = outside ? `${file.use(each.importPath, each.name)}.Weigh` : 'Weigh';
    const cases = Array.from({ length: random.below(6) + 1 }, () => `\t\t{"${phrase(random)}", ${random.below(3)}},`);
    file.add(`func Test${capitalize(name)}(t *${testing}.T) {
	for _, each := range []struct {
		name  string
		depth int
	}{
${cases.join('\n')}
	} {
		t.Run(each.name, func(t *${testing}.T) {
			if ${weigh}(each.depth) < 0 {
				t.Errorf("%s weighs less than nothing", each.name)
			}
		})
	}
}`);
    return { path: `${name}_test.go`, text: file.toString() };
  });
}
