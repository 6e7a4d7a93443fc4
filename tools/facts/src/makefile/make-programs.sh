# shellcheck shell=bash
# Stands in the place of the programs a Makefile and its scripts start, under their names. It writes down what Go is asked to build, answers
# for git, and does nothing for the others.
#
# SLIPWAY_ASK is a directory of ours, SLIPWAY_TREE the tree that git is asked of; it is empty where git answers as in a repository that
# does not exist: SLIPWAY_COMMIT, SLIPWAY_TAG, SLIPWAY_BRANCH, SLIPWAY_DIRTY and SLIPWAY_SECONDS say what it has.

name=${0##*/}
emit() { printf '%s\0' "$#" "$@" >>"$SLIPWAY_ASK/records"; }

# The directory of the go.mod a directory belongs to, and the word behind a name there: `module`, `go`.
module_dir() {
  local dir=$PWD
  while [[ ! -f $dir/go.mod && $dir == "$SLIPWAY_ASK"/?* ]]; do dir=${dir%/*}; done
  echo "$dir"
}
of_module() {
  local line
  while read -r line; do
    case $line in "$1 "*) line=${line#* } && echo "${line%% *}" && return ;; esac
  done 2>/dev/null <"$(module_dir)/go.mod"
}

go_env() {
  local word
  for word in "$@"; do
    case $word in
      -*) ;;
      GOOS) echo "${GOOS:-$SLIPWAY_OS}" ;;
      GOARCH) echo "${GOARCH:-$SLIPWAY_ARCH}" ;;
      GOHOSTOS) echo "$SLIPWAY_OS" ;;
      GOHOSTARCH) echo "$SLIPWAY_ARCH" ;;
      GOPATH) echo "$SLIPWAY_ASK/home/go" ;;
      GOROOT) echo "$SLIPWAY_ASK/goroot" ;;
      GOMOD) echo "$(module_dir)/go.mod" ;;
      GOVERSION) echo go1.99.0 ;;
      CGO_ENABLED) echo "${CGO_ENABLED:-1}" ;;
      *) echo "${!word-}" ;;
    esac
  done
}

# The version of a module, as the go.mod here requires it.
required() {
  local line version=SLIPWAY-UNKNOWN
  while read -r line; do
    line=${line#require }
    case $line in "$1 v"*) line=${line#* } && version=${line%% *} ;; "replace $1 "* | "$1 =>"*) version=SLIPWAY-UNKNOWN && break ;; esac
  done 2>/dev/null <"$(module_dir)/go.mod"
  echo "$version"
}

# Of modules and the package here; packages below are not known in a copy without their files.
go_list() {
  local word='' format='' module='' dir
  while (($#)); do
    case $1 in -m) module=1 ;; -f) format=$2 && shift ;; -f=*) format=${1#-f=} ;; -*) ;; *) word=$1 ;; esac
    shift
  done
  dir=$(module_dir)
  case $format in
    *GoVersion*) of_module go ;;
    *.Version*) required "$word" ;;
    *.Dir*) if [[ -n $word && $word != . && $word != "$(of_module module)" ]]; then echo SLIPWAY-UNKNOWN; elif [[ -n $module$word ]]; then echo "$dir"; else pwd -P; fi ;;
    '' | '{{.Path}}' | '{{.ImportPath}}')
      case $module$word in
        1) of_module module ;;
        '' | .) echo "$(of_module module)${PWD#"$dir"}" ;;
        1*) echo SLIPWAY-UNKNOWN ;;
      esac
      ;;
  esac
}

go_build() {
  local each out='' at='' before=
  local -a env=()
  while IFS= read -r each; do
    case $each in GO* | CGO_*) env+=("$each=${!each}") ;; esac
  done < <(compgen -e)
  emit go "$PWD" "${#env[@]}" "${env[@]}" "$@"
  for each in "$@"; do
    case $before in -o | --o) out=$each ;; -C) at=$each/ ;; esac
    case $each in -o=* | --o=*) out=${each#*=} ;; esac
    before=$each
  done
  if [[ $1 == build && -n $out ]]; then leave "$(cd "./$at" && pwd -P)" "$out"; fi
}

# What comes next may ask whether a file is there; nothing outside of our directory is made.
leave() {
  local dir
  case $2 in /*) dir=${2%/*} ;; */*) dir=$1/${2%/*} ;; *) dir=$1 ;; esac
  case $dir in *..*) ;; "$SLIPWAY_ASK"/*) mkdir -p "$dir" ;; esac
  dir=$(cd "$dir" 2>/dev/null && pwd -P) || return 0
  case $dir in "$SLIPWAY_ASK"/*) [[ -d $dir/${2##*/} ]] || : >"$dir/${2##*/}" ;; esac
}

answer_go() {
  local at=
  if [[ ${1-} == -C ]]; then at=$2 && shift 2 && cd "$at" || exit 1; fi
  case ${1-} in
    env) shift && go_env "$@" ;;
    version) echo "go version go1.99.0 $SLIPWAY_OS/$SLIPWAY_ARCH" ;;
    list) shift && go_list "$@" ;;
    build | install) go_build "$@" ;;
    mod) if [[ ${2-} == edit ]]; then GOTOOLCHAIN=local GOENV=off GOFLAGS='' "$SLIPWAY_GO" "$@"; fi ;;
  esac
}

# Of a repository that does not exist, in one of two states.
imagined_git() {
  local word short='' abbrev=7 exact='' commit=$SLIPWAY_COMMIT tag=$SLIPWAY_TAG format='' name_only=
  for word in "$@"; do
    case $word in
      --short=*) short=${word#*=} ;;
      --short) short=7 ;;
      --abbrev=*) abbrev=${word#*=} ;;
      --exact-match) exact=1 ;;
      --abbrev-ref) name_only=1 ;;
      --format=* | --pretty=*) format=${word#*=} ;;
    esac
  done
  case $1 in
    describe)
      if [[ -n $exact ]]; then echo 'fatal: no tag exactly matches' >&2; exit 128; fi
      if [[ $abbrev == 0 ]]; then echo "$tag"; return; fi
      case " $* " in *' --dirty='*) word=${*##*--dirty=} && word=${word%% *} ;; *' --dirty '*) word=-dirty ;; *) word= ;; esac
      echo "$tag-5-g${commit:0:$abbrev}$([[ -z $SLIPWAY_DIRTY ]] || echo "$word")"
      ;;
    rev-parse)
      if [[ -n $name_only ]]; then echo "$SLIPWAY_BRANCH"; elif [[ -n $short ]]; then echo "${commit:0:$short}"; else echo "$commit"; fi
      ;;
    branch | symbolic-ref | name-rev) echo "$SLIPWAY_BRANCH" ;;
    tag) case " $* " in *' --points-at '*) ;; *) echo "$tag" ;; esac ;;
    status) if [[ -n $SLIPWAY_DIRTY ]]; then echo ' M file'; fi ;;
    diff | diff-index | diff-files) [[ -z $SLIPWAY_DIRTY ]] ;;
    log | show)
      case $format in
        *%h*) echo "${commit:0:7}" ;;
        *%ct* | *%at*) echo "$SLIPWAY_SECONDS" ;;
        *%c* | *%a* | *%s*) echo "$SLIPWAY_BRANCH" ;;
        *) echo "$commit" ;;
      esac
      ;;
    rev-list) case " $* " in *' --count '*) echo "$SLIPWAY_SECONDS" ;; *) echo "$commit" ;; esac ;;
  esac
}

answer_git() {
  local word
  local -a words=()
  while (($#)); do
    case $1 in -C | -c) shift 2 || exit 1; continue ;; -*) shift; continue ;; esac
    break
  done
  case "${1-} ${2-}" in
    'rev-parse --show-toplevel') echo "$SLIPWAY_ASK/tree"; return ;;
    'rev-parse --git-dir' | 'rev-parse --git-common-dir') echo .git; return ;;
    'rev-parse --is-inside-work-tree') echo true; return ;;
    'rev-parse --show-prefix') word=${PWD#"$SLIPWAY_ASK/tree"} && word=${word#/} && echo "${word:+$word/}"; return ;;
  esac
  case ${1-} in describe | rev-parse | branch | symbolic-ref | name-rev | tag | status | diff | diff-index | diff-files | log | show | rev-list) ;; *) return ;; esac
  if [[ -z $SLIPWAY_TREE ]]; then imagined_git "$@"; return; fi
  for word in "$@"; do case $word in --output* | -O* | -d | -D | -m | -M | -f | --delete | --move | --force) return ;; esac; done
  case $1 in
    branch) [[ ${2-} == --show-current ]] || return ;;
    symbolic-ref) words=(--short HEAD) ;;
    tag) case ${2-} in -l* | --list* | --points-at* | --sort* | --contains* | --merged*) ;; *) return ;; esac ;;
  esac
  if [[ $1 == symbolic-ref ]]; then set -- symbolic-ref "${words[@]}"; fi
  emit git "$PWD" "$@"
  cd "$SLIPWAY_TREE${PWD#"$SLIPWAY_ASK/tree"}" 2>/dev/null || cd "$SLIPWAY_TREE" || exit 1
  HOME=$SLIPWAY_HOME GIT_OPTIONAL_LOCKS=0 GIT_TERMINAL_PROMPT=0 "$SLIPWAY_GIT" -c core.fsmonitor=false -c core.hooksPath=/dev/null \
    -c log.showSignature=false --no-pager "$@"
}

answer_date() {
  local word
  for word in "$@"; do case $word in -d* | --date* | -r* | --reference* | -j) TZ=UTC0 exec "$SLIPWAY_DATE" "$@" ;; esac; done
  TZ=UTC0 "$SLIPWAY_DATE" -d "@$SLIPWAY_SECONDS" "$@" 2>/dev/null || TZ=UTC0 "$SLIPWAY_DATE" -r "$SLIPWAY_SECONDS" "$@"
}

case $name in
  go) answer_go "$@" ;;
  git) answer_git "$@" ;;
  date | gdate) answer_date "$@" ;;
  hostname) echo localhost ;;
  python | python3) case ${1-} in --version | -V) echo 'Python 3.99.0' ;; -c) case ${2-} in "print('"*"')") echo "${2:7:${#2}-9}" ;; esac ;; esac ;;
  whoami | logname) echo root ;;
  missing-*) emit missing "${name#missing-}" && exit 127 ;;
esac
