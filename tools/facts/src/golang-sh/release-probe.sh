# shellcheck shell=bash
# The tree's scripts call the functions here, and read and set variables:
# shellcheck disable=SC1091,SC2034,SC2317
# `command` calls programs, and no function:
# shellcheck disable=SC2218
# Asked of bash in a tree with a Kubernetes-style `build/lib/release.sh`: what its own `kube::release::package_tarballs` packs.
# The function runs as it is, in a directory of its own outside of the tree; what would copy makes links, what would archive
# writes down the links, what would build an image writes down how. So its lists are never ours.
#
# Arguments: root, state of the tree (clean, dirty, archive), version. Answers are records as in probe.sh:
#
#     tarball NAME (link PATH TARGET | text PATH TEXT | directory PATH -)…
#     commit NAME                                     made by git archive
#     build DOCKERFILE-TEXT FILES ARGUMENT…           FILES are `NAME=TARGET` lines of the context, directories with a / behind
#     made DOCKERFILE-TEXT FILES ARGUMENT…            the same, by a Makefile
#     left-out WHAT WHY                               by a Makefile that cannot be asked
#     save FILE NAME…                                 FILE is empty where it went to standard output
#     kept FILE image:NAME                            where that went to
#     outputs DIRECTORY                               where the scripts believe binaries and artifacts to be

exec 9>&1 1>&2
slipway_root=$1 slipway_state=$2 slipway_version=$3
set --
slipway_own=$(command mktemp -d "${TMPDIR:-/tmp}/slipway-XXXXXX") && slipway_own=$(cd "$slipway_own" && pwd -P) || exit 1
trap 'command rm -rf "$slipway_own"' EXIT
command mkdir "$slipway_own/records"

# Scripts run in parallel: each process writes down its own.
slipway::emit() { printf '%s\0' "$#" "$@" >>"$slipway_own/records/${BASHPID:-$$}"; }

cd "$slipway_root" || exit 1
slipway_up=
slipway_dir=$(pwd -P)
while [[ $slipway_dir != / ]]; do slipway_up=../$slipway_up slipway_dir=$(command dirname "$slipway_dir"); done
export OUT_DIR="${slipway_up%/}$slipway_own/out"
TAR=slipway::tar
tar() { slipway::tar "$@"; }
source build/common.sh
source build/lib/release.sh
set +o errexit +o errtrace +o nounset +o pipefail
trap - ERR
trap 'command rm -rf "$slipway_own"' EXIT
if ! declare -F kube::release::package_tarballs >/dev/null; then exit 3; fi

# Into slipway_plain, without . and .. in it: what lies below the output cannot be asked, as it is not there.
slipway::plain() {
  slipway_plain=$1
  case $1 in */./* | */../* | */.. | [!/]*) ;; *) return ;; esac
  local part path=$1
  local -a parts=() plain=()
  if [[ $path != /* ]]; then path=$PWD/$path; fi
  IFS=/ read -r -a parts <<<"$path"
  for part in "${parts[@]}"; do
    case $part in
      '' | .) ;;
      ..) if ((${#plain[@]})); then unset "plain[${#plain[@]}-1]"; fi ;;
      *) plain+=("$part") ;;
    esac
  done
  slipway_plain=$(printf '/%s' "${plain[@]}")
}

slipway::inside() { case $1 in "$LOCAL_OUTPUT_ROOT"/* | "$slipway_own"/*) ;; *) return 1 ;; esac; }

# What a copy would make, as a link; a directory that is there is filled.
slipway::link() {
  local from to=${2%/} each
  slipway::plain "${1%/}"
  from=$slipway_plain
  if slipway::inside "$from" && [[ -L $from ]]; then from=$(command readlink "$from"); fi
  if [[ -d $from && -d $to && ! -L $to ]]; then
    for each in "$from"/* "$from"/.[!.]*; do
      if [[ -e $each || -L $each ]]; then command ln -sfn "$each" "$to/${each##*/}"; fi
    done
  else
    command ln -sfn "$from" "$to"
  fi
}
slipway::copy() {
  local -a words=()
  local word to
  for word in "$@"; do case $word in -*) ;; */) words+=("${word%/}") ;; *) words+=("$word") ;; esac; done
  to=${words[${#words[@]} - 1]}
  unset "words[${#words[@]} - 1]"
  slipway::inside "$to" || return 0
  for word in "${words[@]}"; do
    if [[ $to == */ || -d $to && ! -L $to ]]; then slipway::link "$word" "${to%/}/${word##*/}"
    else slipway::link "$word" "$to"; fi
  done
}
cp() { slipway::copy "$@"; }
ln() { slipway::copy "$@"; }
mkdir() { slipway::only mkdir "$@"; }
rm() { slipway::only rm "$@"; }
slipway::only() {
  local program=$1 word
  shift
  for word in "$@"; do case $word in -*) ;; *) slipway::inside "$word" || return 0 ;; esac; done
  command "$program" "$@"
}
for slipway_program in mv touch tee rsync install chmod chown curl wget go; do
  eval "$slipway_program() { :; }"
done

# -exec would start the real cp.
find() {
  local -a before=() after=()
  local word seen=
  for word in "$@"; do
    if [[ -n $seen ]]; then [[ $word == ';' ]] || after+=("$word")
    elif [[ $word == -exec ]]; then seen=1
    else before+=("$word"); fi
  done
  if [[ -z $seen ]]; then command find "$@"; return; fi
  while IFS= read -r -d '' slipway_found; do
    local -a call=()
    for word in "${after[@]}"; do if [[ $word == '{}' ]]; then call+=("$slipway_found"); else call+=("$word"); fi; done
    "${call[@]}"
  done < <(command find "${before[@]}" -print0)
}

# Between two of these in a pipe runs SOURCE NUL MEMBER NUL …
slipway::tar() {
  local mode=$1 out='' dir='' transform='' listed='' word name
  local -a words=()
  shift
  case $mode in *c*f) out=$1; shift ;; esac
  while (($#)); do
    case $1 in
      -C) dir=$2; shift ;;
      --transform) transform=$2; shift ;;
      -T) listed=1; shift ;;
      -*) ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  case $mode in
    x*)
      while IFS= read -r -d '' word && IFS= read -r -d '' name; do
        case $name in */*) [[ -d $dir/${name%/*} ]] || command mkdir -p "$dir/${name%/*}" ;; esac
        slipway::link "$word" "$dir/$name"
      done
      ;;
    *)
      if [[ -n $out && -n $dir ]]; then slipway::tarball "${out##*/}" "$dir" "${words[@]}"
      elif [[ -n $out ]]; then
        command mkdir -p "$out.members"
        slipway::members "$dir" "$transform" "$listed" "${words[@]}" | slipway::tar x -C "$out.members"
        slipway::tarball "${out##*/}" "$out.members" .
      else
        slipway::members "$dir" "$transform" "$listed" "${words[@]}"
      fi
      ;;
  esac
}
slipway::members() {
  local dir=${1:-$PWD} transform=$2 listed=$3 word name
  shift 3
  {
    if (($#)); then printf '%s\0' "$@"; fi
    if [[ -n $listed ]]; then command cat; fi
  } | {
    local -a words=() names=()
    while IFS= read -r -d '' word; do words+=("$word"); done
    while IFS= read -r name; do names+=("${name#/}"); done < <(
      ((!${#words[@]})) || printf '%s\n' "${words[@]#/}" | command sed "${transform:-p;d}"
    )
    for name in "${!words[@]}"; do
      word=${words[$name]}
      [[ $word == /* ]] || word=$dir/${word#./}
      printf '%s\0' "$word" "${names[$name]}"
    done
  }
}

slipway::tarball() {
  local name=$1 dir=$2 path member text
  local -a fields=()
  shift 2
  while IFS= read -r -d '' path; do
    member=${path#"$dir/"}
    member=${member#./}
    if [[ $member == . ]]; then continue
    elif [[ -L $path ]]; then fields+=(link "$member" "$(command readlink "$path")")
    elif [[ -d $path ]]; then fields+=(directory "$member" -)
    else
      text=$(command cat "$path"; printf .)
      fields+=(text "$member" "${text%.}")
    fi
  done < <(command find "${@/#/$dir/}" -print0)
  slipway::emit tarball "$name" "${fields[@]}"
}
git() {
  [[ $1 == archive ]] || return 1
  while (($#)); do if [[ $1 == -o ]]; then slipway::emit commit "${2##*/}"; fi; shift; done
}

docker() {
  local -a words=("$@")
  local file='' out='' context=${words[${#words[@]} - 1]} each files=''
  local -a names=()
  case " $1 $2 " in
    ' buildx build ' | ' build '*)
      while (($#)); do if [[ $1 == -f || $1 == --file ]]; then file=$2; fi; shift; done
      for each in "$context"/*; do
        if [[ -L $each && -d $each ]]; then files+="${each##*/}=$(command readlink "$each")/"$'\n'
        elif [[ -L $each ]]; then files+="${each##*/}=$(command readlink "$each")"$'\n'; fi
      done
      slipway::emit "${slipway_made:-build}" "$(command cat "${file:-$context/Dockerfile}")" "$files" "${words[@]}"
      ;;
    ' save '*)
      shift
      while (($#)); do
        case $1 in -o | --output) out=$2; shift ;; *) names+=("$1") ;; esac
        shift
      done
      if [[ -n $out ]]; then command ln -sfn "image:${names[0]}" "$out"
      else printf 'image:%s' "${names[0]}"; fi
      slipway::emit save "${out##*/}" "${names[@]}"
      ;;
  esac
}

kube::release::clean_cruft() { :; }
# An image with a Makefile of its own, called by kube::release::build_<what>_image: what that would do is done here. Both names
# its variable for the base has are given the one that is asked for.
make() {
  local slipway_made=made what=${FUNCNAME[1]} dir=. base='' recipe line
  what=${what#kube::release::build_}
  what=${what%_image}
  if [[ $1 == -C ]]; then dir=$2; shift 2; fi
  base=KUBE_$(printf %s "$what" | command tr a-z A-Z)_BASE_IMAGE
  base=${!base-}
  recipe=$(TMPDIR=$slipway_own command make --no-print-directory -n -C "$dir" "$@" ${base:+"BASEIMAGE=$base" "RUNNERIMAGE=$base"}) || {
    slipway::emit left-out "$what image" "make -n -C $dir fails"
    return
  }
  while IFS= read -r line; do ( cd "$dir" && eval "$line" ); done <<<"${recipe//\\$'\n'/ }"
}
# In place only below the output, where it replaces a link.
sed() { case " $* " in *' -i'*) slipway::inside "$PWD/" || return 0 ;; esac; command sed "$@"; }
kube::util::ensure-docker-buildx() { :; }
kube::log::status() { :; }
KUBE_GIT_VERSION=$slipway_version KUBE_GIT_TREE_STATE=$slipway_state

# Client tarballs are made for whatever is built; here that is their set.
for slipway_platform in "${KUBE_CLIENT_PLATFORMS[@]}"; do command mkdir -p "$LOCAL_OUTPUT_BINPATH/$slipway_platform"; done
slipway::plain "$LOCAL_OUTPUT_ROOT"
slipway::emit outputs "$slipway_plain"
( kube::release::package_tarballs ) || slipway::emit failed kube::release::package_tarballs
for slipway_file in "$LOCAL_OUTPUT_ROOT"/release-images/*/*.tar; do
  if [[ -f $slipway_file && ! -L $slipway_file ]]; then slipway::emit kept "${slipway_file##*/}" "$(command cat "$slipway_file")"; fi
done
command cat "$slipway_own"/records/* >&9
printf '1\0done\0' >&9
