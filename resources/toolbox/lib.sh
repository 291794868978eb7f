# Sourced by ./platen. Brings the machine to Debian 13 with the packages of packages.txt, natively or in a root of its own.
# Knows: $top (the checkout). Offers: need_environment, inside COMMAND…, say, fail.

say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }
fail() { printf 'platen: %s\n' "$*" >&2; exit 1; }

root=${PLATEN_TOOLBOX:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/platen/debian-13}
packages=$(sed 's/#.*//' "$top/resources/toolbox/packages.txt" | xargs)
wanted=$(printf '%s' "$packages" | sha256sum | cut -c1-16)
log=${XDG_CACHE_HOME:-$HOME/.cache}/platen/setup.log

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  command -v sudo >/dev/null || fail "installing packages needs root: install sudo, or run './platen setup' once as root."
  sudo "$@"
}

# quietly WHAT COMMAND…: runs COMMAND with its output in the log and a dot every five seconds; shows the log's end when it fails.
quietly() {
  local what=$1 start=$SECONDS; shift
  mkdir -p "${log%/*}"
  say "$what …"
  "$@" >"$log" 2>&1 &
  local job=$!
  while kill -0 $job 2>/dev/null; do
    sleep 1
    [ $(((SECONDS - start) % 5)) -ne 0 ] || printf '.' >&2
  done
  printf ' %d s\n' $((SECONDS - start)) >&2
  wait $job || { tail -n 15 "$log" >&2; fail "$what failed; the whole log is $log."; }
}

# Debian 13 or newer runs everything as it is.
is_native() {
  [ -e /etc/platen-toolbox ] && return 0
  local id version
  id=$(. /etc/os-release 2>/dev/null; echo "${ID:-}")
  version=$(. /etc/os-release 2>/dev/null; echo "${VERSION_ID:-0}")
  [ "$id" = debian ] && [ "${version%%.*}" -ge 13 ] 2>/dev/null
}

# The Debian mirror of this host's own apt sources; on another distribution, PLATEN_MIRROR has to name one.
mirror() {
  [ -n "${PLATEN_MIRROR:-}" ] && { echo "$PLATEN_MIRROR"; return; }
  awk '/^URIs:/ && /debian\/?$/ {print $2; exit} /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /^(https?|file):.*debian\/?$/) {print $i; exit}}' \
    /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null
}

# Runs a command inside the root: its folders and this host's /dev, /proc, /sys and /tmp under a new /, so that an ordinary
# user can have it too. Root itself gets all capabilities there, for network namespaces. When bwrap goes, by whatever signal, the
# command gets SIGTERM and can tidy up; bwrap itself would only pass on a SIGKILL.
enter() {
  local binds=(--dir /run) entry name variable
  for entry in "$root"/*; do
    name=/${entry##*/}
    case "$name" in /dev | /proc | /sys | /tmp | /home | /run | /mnt | /media) continue ;; esac
    if [ -L "$entry" ]; then binds+=(--symlink "$(readlink "$entry")" "$name"); else binds+=(--bind "$entry" "$name"); fi
  done
  if [ "$(id -u)" = 0 ]; then binds+=(--cap-add ALL --setenv HOME /root); else binds+=(--bind "$HOME" "$HOME"); fi
  mkdir -p "$HOME/.cache/ccache"
  binds+=(--bind "$HOME/.cache/ccache" /ccache --setenv CCACHE_DIR /ccache --bind "$top" "$top")
  [ -d "$top/../shared" ] && binds+=(--ro-bind "$(realpath "$top/../shared")" "$(realpath "$top/..")/shared")
  for variable in XAUTHORITY XDG_RUNTIME_DIR; do
    [ -n "${!variable:-}" ] && [ -e "${!variable}" ] && binds+=(--bind "${!variable}" "${!variable}")
  done
  case "$PWD" in / | "$top"* | /tmp*) ;; *) binds+=(--bind "$PWD" "$PWD") ;; esac
  for entry in resolv.conf hosts passwd group; do
    binds+=(--ro-bind "/etc/$entry" "/etc/$entry")
  done
  ${as_this_process:-} bwrap "${binds[@]}" --dev-bind /dev /dev --proc /proc --bind /sys /sys --bind /tmp /tmp --die-with-parent \
    --chdir "$PWD" --setenv LANG C.UTF-8 --setenv PATH /usr/lib/ccache:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    env --default-signal=INT,QUIT setpriv --pdeathsig TERM "$@"
}

make_root() {
  local from
  from=$(mirror)
  [ -n "$from" ] || fail "no Debian mirror found in this host's apt sources: set PLATEN_MIRROR to one, for example with 'PLATEN_MIRROR=<address> ./platen setup'."
  command -v apt-get >/dev/null || fail "this host has no apt: use Debian 13 or newer, or a host with apt."
  command -v mmdebstrap >/dev/null && command -v bwrap >/dev/null ||
    quietly "Installing mmdebstrap and bubblewrap" as_root sh -c 'apt-get update -q; apt-get install -qy --no-install-recommends mmdebstrap bubblewrap'
  if [ ! -e "$root/etc/debian_version" ]; then
    mkdir -p "${root%/*}"
    as_root rm -rf "$root.new"
    quietly "Making a Debian 13 root in $root" as_root mmdebstrap --mode=auto --variant=minbase --include=ca-certificates trixie "$root.new" "deb $from trixie main"
    as_root mv "$root.new" "$root"
    as_root chmod 755 "$root"
  fi
  quietly "Installing $(wc -w <<<"$packages") packages into it" as_root bwrap --bind "$root" / --dev /dev --proc /proc --bind /tmp /tmp \
    --ro-bind /etc/resolv.conf /etc/resolv.conf --cap-add ALL --setenv PATH /usr/sbin:/usr/bin:/sbin:/bin \
    sh -ec "apt-get update -q; DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $packages"
  as_root sh -c "echo $wanted >'$root/etc/platen-toolbox'"
}

install_native() {
  local missing=()
  for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  quietly "Installing ${#missing[@]} packages" as_root sh -c "apt-get update -q; DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends ${missing[*]}"
}

# Everything needed is there after this; quick when it already was.
need_environment() {
  if is_native; then
    [ -e /etc/platen-toolbox ] || install_native
  elif ! is_complete; then
    mkdir -p "${root%/*}"
    (flock 9; is_complete || make_root) 9>"$root.lock" # one at a time
  fi
}

is_complete() { [ "$(cat "$root/etc/platen-toolbox" 2>/dev/null)" = "$wanted" ]; }

# Runs a command where the environment is.
inside() {
  if is_native; then
    PATH=/usr/lib/ccache:$PATH "$@"
  else
    enter "$@"
  fi
}

# Ends ./platen by becoming a command where the environment is. Ctrl-C is for the command alone; other signals are passed on to it,
# and what its end takes is waited for.
become() {
  is_native && exec env PATH="/usr/lib/ccache:$PATH" "$@"
  trap '' INT
  as_this_process=exec enter "$@" <&0 &
  local job=$! interrupted=yes status
  for signal in TERM HUP; do trap "interrupted=yes; pass_on $signal $job" $signal; done
  while [ -n "$interrupted" ]; do
    interrupted= status=0
    wait $job || status=$?
  done
  exit $status
}

# pass_on SIGNAL BWRAP: to the command inside; bwrap itself would go at once, and we with it.
pass_on() {
  local inside
  read -r inside <"/proc/$2/task/$2/children" || true
  kill "-$1" ${inside:-"$2"} 2>/dev/null || true
}
