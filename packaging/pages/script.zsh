#compdef romwright
# Completion of romwright for zsh. The tables come from the command line itself.

# TABLES
# The commands below the page $1, or what the one that was named takes.
_romwright_below() {
  case $state in
    command) _describe -t commands command commands ;;
    below)
      local page=_$1-$words[1]
      (($+functions[$page])) && $page
      ;;
  esac
}

# A value of the kind $1.
_romwright_value() {
  local -a names
  case $1 in
    board)
      names=(${(f)"$($program boards --names 2>/dev/null)"})
      if [[ $PREFIX == (*/*|.*) ]]; then _files; else compadd -a names; fi
      ;;
    chip)
      names=(${(f)"$($program chips --names 2>/dev/null)"})
      compadd -a names
      ;;
    recipe)
      names=(${(f)"$($program vendor list --names 2>/dev/null)"})
      compadd -a names
      ;;
    words:*) compadd -- ${(s:|:)${1#words:}} ;;
    file) _files ;;
    dir) _files -/ ;;
    programmer) _romwright_programmer ;;
    *) _message value ;;
  esac
}

# NAME[:KEY=VALUE,...]
_romwright_programmer() {
  local name=${PREFIX%%:*} key word
  local -a keys
  if ! compset -P 1 '*:'; then
    compadd -k _romwright_parameters
    return
  fi
  compset -P '*,'
  if [[ $PREFIX == *=* ]]; then
    key=${PREFIX%%=*}
    compset -P 1 '*='
    for word in ${=_romwright_parameters[$name]}; do
      [[ $word == $key=* ]] && _romwright_value ${word#*=}
    done
  else
    keys=(${=_romwright_parameters[$name]})
    keys=(${keys%%=*})
    compadd -S = -q -a keys
  fi
}

_romwright "$@"
