# shellcheck shell=bash
# The tree's scripts call the functions here, and read and set variables, some in subshells:
# shellcheck disable=SC1091,SC2030,SC2031,SC2034,SC2317
# Asked of bash in a tree with a Kubernetes-style `hack/lib/golang.sh`. It sources the tree's own scripts, replaces what
# would write, start programs or ask the clock, calls the tree's own functions, and writes down what they do.
#
# Arguments: root, host os, host arch, then platforms. Answers on standard output are records of NUL-terminated fields, each
# preceded by the number of its fields; whatever the scripts print goes to standard error. The last record is `done`.
# Nothing later than bash 3.2 is used.

exec 9>&1 1>&2
slipway_root=$1 slipway_os=$2 slipway_arch=$3
shift 3
slipway_platforms=("$@")
set --

slipway::emit() { printf '%s\0' "$#" "$@" >&9; }

cd "$slipway_root"
source hack/lib/init.sh
set +o errexit +o errtrace +o nounset
trap - ERR EXIT

for slipway_function in golang::build_binaries golang::set_platform_envs version::ldflags version::get_version_vars; do
  declare -F "kube::$slipway_function" >/dev/null || { slipway::emit foreign "kube::$slipway_function"; slipway::emit 'done'; exit 0; }
done

# Programs the functions below may call. Nothing is written, nothing is started.
for slipway_program in mkdir rm ln mv cp touch tee rsync install chmod docker curl wget; do
  eval "$slipway_program() { :; }"
done
go() {
  case "$1 $2" in
    'env GOHOSTOS') echo "$slipway_os" ;;
    'env GOHOSTARCH') echo "$slipway_arch" ;;
    'env GOOS') echo "${GOOS:-$slipway_os}" ;;
    'env GOARCH') echo "${GOARCH:-$slipway_arch}" ;;
    'env '*) echo "${!2}" ;;
    'version '*) echo "go version go1.99.0 $slipway_os/$slipway_arch" ;;
    'list '*) echo "${@: -1}" ;;
    'install '* | 'build '* | 'test '*) slipway::environment; slipway::emit go "$@" ;;
  esac
}
git() { return 1; }

# Exported variables Go reads, as fields NAME=value.
slipway::environment() {
  local name
  local -a fields=()
  while IFS= read -r name; do
    case $name in GO* | CGO_* | CC | CXX | AR | PKG_CONFIG*) fields+=("$name=${!name}") ;; esac
  done < <(compgen -e)
  slipway::emit environment "${fields[@]}"
}

slipway::list() {
  local all="$1[@]"
  declare -p "$1" >/dev/null 2>&1 && slipway::emit list "$1" "${!all}"
}
[[ -z $KUBE_GO_PACKAGE ]] || slipway::emit package "$KUBE_GO_PACKAGE"
for slipway_list in SERVER NODE CLIENT TEST TEST_SERVER ALL; do slipway::list "KUBE_${slipway_list}_TARGETS"; done
for slipway_list in SERVER NODE CLIENT TEST; do slipway::list "KUBE_SUPPORTED_${slipway_list}_PLATFORMS"; done
slipway::list KUBE_STATIC_LIBRARIES
slipway::list KUBE_STATIC_BINARIES
slipway::list KUBE_COVERAGE_INSTRUMENTED_PACKAGES

# What each target is to Go, and what else is the same to it.
slipway_targets=(
  "${KUBE_SERVER_TARGETS[@]}" "${KUBE_NODE_TARGETS[@]}" "${KUBE_CLIENT_TARGETS[@]}"
  "${KUBE_TEST_TARGETS[@]}" "${KUBE_TEST_SERVER_TARGETS[@]}" "${KUBE_ALL_TARGETS[@]}"
)
slipway_rule=kube::golang::binaries_from_targets
declare -F $slipway_rule >/dev/null || slipway_rule=kube::golang::best_guess_go_targets
declare -F $slipway_rule >/dev/null || slipway_rule=slipway::as_written
slipway::as_written() { printf '%s\n' "$@"; }
slipway::packages() {
  local line
  slipway_packages=()
  while IFS= read -r line; do slipway_packages+=("$line"); done < <($slipway_rule "$@")
  slipway::emit targets "$@"
  slipway::emit packages "${slipway_packages[@]}"
}
slipway::packages "${slipway_targets[@]}"
slipway_words=()
for slipway_line in "${slipway_packages[@]}"; do
  if [[ $slipway_line =~ ^(.*)/v[0-9]+(/.*)$ ]]; then
    slipway_bare=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
    for slipway_word in "$slipway_bare" "vendor/$slipway_bare" "vendor/$slipway_line"; do
      case " ${slipway_words[*]} " in *" $slipway_word "*) ;; *) slipway_words+=("$slipway_word") ;; esac
    done
  fi
done
((!${#slipway_words[@]})) || slipway::packages "${slipway_words[@]}"

# The oldest Go with which they begin, as bash itself writes their check.
slipway_check=$(declare -f kube::golang::verify_go_version kube::golang::internal::verify_go_version)
slipway_pattern='minimum_go_version=.?go([0-9][0-9.]*)'
[[ ! $slipway_check =~ $slipway_pattern ]] || slipway::emit minimum "${BASH_REMATCH[1]}"

# How Go is called, and from where: once without cgo, once with it, once for a test binary.
(
  kube::golang::verify_go_version() { :; }
  kube::golang::internal::verify_go_version() { :; }
  kube::golang::create_gopath_tree() { :; }
  kube::golang::place_bins() { :; }
  kube::version::ldflags() { echo @STAMPS@; }
  kube::realpath() { echo "$KUBE_ROOT"; }
  cd() { slipway::emit cd "$1"; }
  pwd() { echo @CWD@; }
  ! declare -F kube::golang::setup_env >/dev/null || kube::golang::setup_env
  kube::golang::build_binaries cmd/slipway-static cmd/slipway-cgo slipway/slipway.test "${KUBE_ALL_TARGETS[@]}"
) || slipway::emit failed kube::golang::build_binaries

# The linker's version flags, with names for values.
(
  kube::version::get_version_vars() {
    KUBE_GIT_COMMIT=@gitCommit@ KUBE_GIT_TREE_STATE=@gitTreeState@ KUBE_GIT_VERSION=@gitVersion@
    KUBE_GIT_MAJOR=@gitMajor@ KUBE_GIT_MINOR=@gitMinor@
  }
  kube::util::ensure-gnu-date() { DATE='date'; }
  date() { echo @buildDate@; }
  gdate() { echo @buildDate@; }
  slipway_stamps=$(kube::version::ldflags) && slipway::emit stamps "$slipway_stamps"
) || slipway::emit failed kube::version::ldflags

# What git archive wrote into the scripts: known without git.
(
  trap 'slipway::emit archive "$KUBE_GIT_TREE_STATE" "$KUBE_GIT_COMMIT" "$KUBE_GIT_VERSION"' EXIT
  kube::version::get_version_vars
)

# What git is asked for.
(
  git() {
    local words=("$@")
    while (($#)) && [[ $1 != describe && $1 != rev-parse && $1 != status ]]; do shift; done
    case $1 in
      describe) slipway::emit describe "${@:2}"; echo v1.2.3 ;;
      rev-parse) echo 0123456789012345678901234567890123456789 ;;
    esac
  }
  kube::version::get_version_vars
)

for platform in "${slipway_platforms[@]}" "${KUBE_SUPPORTED_SERVER_PLATFORMS[@]}" "${KUBE_SUPPORTED_NODE_PLATFORMS[@]}" \
  "${KUBE_SUPPORTED_CLIENT_PLATFORMS[@]}" "${KUBE_SUPPORTED_TEST_PLATFORMS[@]}"; do
  case " $slipway_seen " in *" $platform "*) continue ;; esac
  slipway_seen="$slipway_seen $platform"
  ( kube::golang::set_platform_envs "$platform" && { slipway::environment; slipway::emit platform "$platform"; } ) ||
    slipway::emit failed "kube::golang::set_platform_envs $platform"
done
slipway::emit 'done'
