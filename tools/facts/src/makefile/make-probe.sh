# shellcheck shell=bash
# Asked of make in a tree nobody configured: which programs its goals have Go build, under which names, and how. Make runs in a copy of the
# Makefiles and scripts, in a directory of our own, and finds ours in the place of all programs but those that read and write text.
# Nothing is built, and nothing of the tree is written.
#
# Arguments: the text of make-programs.sh, root, directory of the Makefile, host os, host arch, then words in groups that end with a word --:
# files to copy, directories, files that are there by name alone, goals that are asked until one builds, settings NAME=value.
# Answers are records as in golang-sh/probe.sh: `goal NAME`, `go DIRECTORY NUMBER NAME=VALUE… WORD…`, `git DIRECTORY WORD…`,
# `missing PROGRAM`, `own DIRECTORY`, the copy.

exec 9>&1 1>&2 </dev/null
slipway_programs=$1 slipway_root=$2 slipway_dir=$3 slipway_os=$4 slipway_arch=$5
shift 5
slipway_own=$(mktemp -d "${TMPDIR:-/tmp}/slipway-make-XXXXXX") && slipway_own=$(cd "$slipway_own" && pwd -P) || exit 1
trap 'rm -rf "$slipway_own"' EXIT
mkdir "$slipway_own"/{bin,home,tmp,goroot,tree} "$slipway_own"/{goroot/bin,tree/.git}
printf '#!%s\n%s\n' "$BASH" "$slipway_programs" >"$slipway_own/program"
chmod +x "$slipway_own/program"
: >"$slipway_own/records"

slipway_group=()
slipway_rest=("$@")
slipway::group() {
  slipway_group=()
  while ((${#slipway_rest[@]})) && [[ ${slipway_rest[0]} != -- ]]; do
    slipway_group+=("${slipway_rest[0]}")
    slipway_rest=("${slipway_rest[@]:1}")
  done
  slipway_rest=("${slipway_rest[@]:1}")
}
slipway::group
(cd "$slipway_root" && tar cf - "${slipway_group[@]}") | (cd "$slipway_own/tree" && tar xf -) || exit 1
cd "$slipway_own/tree" || exit 1
slipway::group
((!${#slipway_group[@]})) || mkdir -p "${slipway_group[@]}"
slipway::group
for slipway_file in "${slipway_group[@]}"; do [[ -e $slipway_file ]] || echo SLIPWAY-UNKNOWN >"$slipway_file"; done
slipway::group
slipway_goals=("${slipway_group[@]}")
slipway::group

# What reads and writes text, and what is ours. Of the first a missing one is told, as an answer without it would be another.
for slipway_name in awk basename bash cat chmod cmp comm cp cut diff dirname echo egrep env expr false fgrep find fold grep gawk head id install jq \
  ln ls make mkdir mktemp mv nl nproc od paste printenv printf pwd readlink realpath rev rm rmdir sed seq sh sha256sum sort stat tail tee test touch tr \
  true uname uniq wc which xargs yq '['; do
  slipway_path=$(type -P "$slipway_name") && ln -s "$slipway_path" "$slipway_own/bin/$slipway_name" && continue
  printf '#!%s\nexec "%s/missing-%s"\n' "$BASH" "$slipway_own/bin" "$slipway_name" >"$slipway_own/bin/$slipway_name"
  chmod +x "$slipway_own/bin/$slipway_name"
  ln -s ../program "$slipway_own/bin/missing-$slipway_name"
done
for slipway_name in go git date gdate hostname whoami logname aws buildctl buildah cargo clang clang++ controller-gen cosign curl docker g++ gcc \
  gcloud go-licenses gofmt golangci-lint goreleaser gpg gsutil gunzip gzip helm kind ko kubectl kustomize nerdctl node npm npx openssl patch perl pip \
  pip3 pnpm podman pre-commit promu protoc python python3 rsync scp setfacl shellcheck skopeo sleep ssh staticcheck strip sudo syft tar trivy tsc \
  unzip upx wget xz yarn zip zstd; do
  ln -s ../program "$slipway_own/bin/$slipway_name"
done
ln -s ../../program "$slipway_own/goroot/bin/go"

slipway_go=$(type -P go) slipway_git=$(type -P git) slipway_date=$(type -P date) slipway_make=$(type -P gmake || type -P make)
slipway_environment=(
  "PATH=$slipway_own/bin" "HOME=$slipway_own/home" "TMPDIR=$slipway_own/tmp" "PWD=$slipway_own/tree/$slipway_dir" LC_ALL=C TZ=UTC0 USER=root TERM=dumb
  "SLIPWAY_ASK=$slipway_own" "SLIPWAY_OS=$slipway_os" "SLIPWAY_ARCH=$slipway_arch" "SLIPWAY_GO=$slipway_go" "SLIPWAY_GIT=$slipway_git"
  "SLIPWAY_DATE=$slipway_date" "${slipway_group[@]}"
)

# A program by its absolute path is not ours. Where namespaces are to be had, all that make starts can write to our directory alone, has no
# network, and sees no other process.
# shellcheck disable=SC2016 # The inner shell expands.
slipway_closing='
own=$1 root=$2
shift 2
mount --make-rprivate / && mount --bind "$own" "$own" || exit 125
while read -r _ _ _ _ point _; do
  printf -v point %b "$point"
  case $point in "$own" | /proc | /proc/* | /sys | /sys/*) ;; *) mount -o remount,bind,ro "$point" ;; esac
done </proc/self/mountinfo 2>/dev/null
for place in / "$root" "$own/.." "${HOME:-/}"; do [[ ! -w $place ]] || exit 125; done
exec "$@"'
slipway_user=()
((EUID == 0)) || slipway_user=(--user --map-root-user)
slipway_closed=(
  unshare "${slipway_user[@]}" --mount --net --pid --fork --kill-child "$BASH" -c "$slipway_closing" slipway "$slipway_own" "$slipway_root"
)
"${slipway_closed[@]}" true 2>/dev/null || slipway_closed=()
slipway::make() { "${slipway_closed[@]}" env -i "${slipway_environment[@]}" "$slipway_make" -C "$slipway_dir" --no-print-directory "$@"; }

slipway_known=$(slipway::make -pnRrq slipway-none 2>/dev/null | awk -F: '/^[A-Za-z0-9_.-]+:([^=]|$)/ { print $1 }')
for slipway_goal in "${slipway_goals[@]}"; do
  grep -qxF -e "$slipway_goal" <<<"$slipway_known" || continue
  slipway_size=$(wc -c <"$slipway_own/records")
  printf '%s\0' 2 goal "$slipway_goal" >>"$slipway_own/records"
  slipway::make -k -i "$slipway_goal"
  if tail -c "+$((slipway_size + 1))" "$slipway_own/records" | tr '\0' '\n' | grep -qx go; then break; fi
done
cat "$slipway_own/records" >&9
printf '%s\0' 2 own "$slipway_own/tree" 1 'done' >&9
