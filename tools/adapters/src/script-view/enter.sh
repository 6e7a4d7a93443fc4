# shellcheck shell=sh
# Runs a program in a view of a tree, and tells when the program has ended; what it left running is written down and ended.
#
#     sh enter.sh KIND BASE ROOT OUTPUT CWD LISTS TRACER… -- PROGRAM…
#
# KIND overlay: the first process of its own namespaces of mounts and processes, so that both end with it. The tree is mounted over
# itself; what is written goes to BASE/upper, and OUTPUT is BASE/output. KIND copy: ROOT is a copy.
kind=$1 base=$2 root=$3 output=$4 cwd=$5 lists=$6
shift 6
if [ "$kind" = overlay ]; then
  mount -t overlay slipway -o "lowerdir=$root,upperdir=$base/upper,workdir=$base/work,redirect_dir=off,metacopy=off" "$root" || exit 125
  mkdir -p "$output" && mount --bind "$base/output" "$output" || exit 125
fi
cd "$cwd" || exit 125

# Who is traced ends for the tracer when all it started has: that the program itself has ended comes through a pipe.
mkfifo "$base/ended" || exit 125
exec 3<>"$base/ended"
tracer=
while [ "$1" != -- ]; do
  tracer="$tracer $1"
  shift
done
shift
# What a shell runs in the background ignores these, and so would all that it starts.
signals=
if env --default-signal=INT,QUIT true 2>/dev/null; then signals=--default-signal=INT,QUIT; fi
# shellcheck disable=SC2094 # It is a pipe.
{
  # shellcheck disable=SC2086,SC2016,SC2094 # The words of the tracer have no spaces; the inner shell expands.
  $tracer env $signals "TMPDIR=$base/t" sh -c 'ended=$1; shift; "$@"; echo $? >"$ended"' slipway "$base/ended" "$@" 3>&- &
  echo $! >"$base/pid"
  wait $!
  echo lost >&3
} 3>&- 3>"$base/ended" &
runs=$!
read -r code <&3

left() { grep -lzxF "TMPDIR=$base/t" /proc/[0-9]*/environ 2>/dev/null; }
tries=0
while [ "$tries" -lt 20 ] && [ -n "$(left)" ]; do
  tries=$((tries + 1))
  sleep 0.05
done
for one in $(left); do
  one=${one%/environ}
  cat "$one/comm" >>"$base/left"
  kill -KILL "${one#/proc/}"
done
kill -TERM "$(cat "$base/pid")" 2>/dev/null
wait "$runs" 2>/dev/null
if [ "$lists" = lists ]; then (cd "$root" && find . \( -path ./.git -o -path "$output" \) -prune -o \( -type f -o -type l \) -print0) >"$base/names"; fi
[ "$code" != lost ] || exit 125
exit "$code"
