# shellcheck shell=bash
# The tree's script calls the functions here:
# shellcheck disable=SC1091,SC2034,SC2317
# Asked of bash in a tree with a Kubernetes-style `hack/make-rules/test.sh`: what it hands to `go test`. The script runs as it is, with
# functions in the place of what would write, start programs or ask the network.
#
# Arguments: root, then the packages to test; without any the script finds all. Answers are records as in probe.sh:
#
#     variable NAME=VALUE     that go test sees
#     test WORD…              what follows `go test`

exec 9>&1 1>&2
slipway_root=$1
shift
slipway::emit() { printf '%s\0' "$#" "$@" >&9; }

cd "$slipway_root" || exit 1
# The script looks for packages below a GOPATH, which is made in a directory of our own.
slipway_own=$(command mktemp -d "${TMPDIR:-/tmp}/slipway-XXXXXX") && slipway_own=$(builtin cd "$slipway_own" && pwd -P) || exit 1
trap 'command rm -rf "$slipway_own"' EXIT
KUBE_OUTPUT_SUBPATH=${slipway_root//[^\/]/}
KUBE_OUTPUT_SUBPATH=${KUBE_OUTPUT_SUBPATH//\//..\/}${slipway_own#/}
for slipway_program in mkdir ln; do
  eval "$slipway_program() { case \"\${*: -1}\" in *\"\$slipway_own\"*) command $slipway_program \"\$@\" ;; esac; }"
done
for slipway_program in rm mv cp touch rsync install chmod docker curl wget gotestsum ncpu; do
  eval "$slipway_program() { :; }"
done
tee() { command cat; }
cd() { :; }
go() {
  local name
  case "$1" in
    test)
      while IFS= read -r name; do
        case $name in KUBE_*) slipway::emit variable "$name=${!name}" ;; esac
      done < <(compgen -e)
      slipway::emit "$@"
      ;;
    version) echo 'go version go1.99.0 linux/amd64' ;;
    env) [[ $# -lt 2 ]] || echo "${!2:-}" ;;
  esac
}
FORCE_HOST_GO=y
slipway_words=("$@")
(
  set -- ${slipway_words[@]+"${slipway_words[@]}"}
  source hack/make-rules/test.sh "$@"
)
slipway::emit 'done'
