# shellcheck shell=bash
# What dev/components and dev/cluster know of the processes they started: a file with pid and start time, since a pid
# alone could be another program's after a restart of the machine.

identity() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[0]} != Z ]] && echo "${stat[19]}"
}

# note FILE PID
note() { printf '%s\n' "$2" "$(identity "$2")" >"$1"; }

# alive FILE: sets `running` to the pid.
alive() {
  local pid='' start=''
  { read -r pid && read -r start; } 2>/dev/null <"$1" || return 1
  # shellcheck disable=SC2034  # for who asks
  [[ $(identity "$pid") == "$start" ]] && running=$pid
}
