# shellcheck shell=bash
# The tree's script calls the functions here, and reads what is set:
# shellcheck disable=SC1090,SC2034,SC2317
# Asked of bash in a tree with Kubernetes-style `hack/make-rules/verify.sh` and `update.sh`: which scripts they would run. The script runs
# as it is, with functions in the place of what would start others.
#
# Arguments: root, the script. Answers are records as in probe.sh: `script PATH`, in order.

exec 9>&1 1>&2
cd "$1" || exit 1
slipway_script=$2
slipway::emit() { printf '%s\0' "$#" "$@" >&9; }
bash() { slipway::emit script "${@: -1}"; }
MAKELEVEL=1 CALLED_FROM_MAIN_MAKEFILE=1
set --
(
  # The script reads the file that defines this function; what it says after that, this trap says again.
  set -o functrace
  trap 'juLog() { slipway::emit script "${@: -1}"; }' DEBUG
  source "$slipway_script"
)
slipway::emit 'done'
