# Completion of romwright for bash.
# The tables come from the command line itself. A command is named by all its words, such as
# "romwright vendor fetch".

# TABLES
# The candidates for a value of the kind $1 that begins with $2, into COMPREPLY. They are whole
# values, except that a programmer's are what may follow its last ':', ',' or '='.
_romwright_value() {
  local kind=$1 begun=$2 before='' name key word
  COMPREPLY=()
  case $kind in
    board | chip | recipe)
      local words=''
      case $kind in
        board) words=$("$program" boards --names 2>/dev/null) ;;
        chip) words=$("$program" chips --names 2>/dev/null) ;;
        recipe) words=$("$program" vendor list --names 2>/dev/null) ;;
      esac
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$begun")
      # A board may be a file too.
      [[ $kind == board && ($begun == */* || $begun == .*) ]] && _romwright_value file "$begun"
      ;;
    words:*)
      words=${kind#words:}
      mapfile -t COMPREPLY < <(compgen -W "${words//|/ }" -- "$begun")
      ;;
    file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$begun")
      ;;
    dir)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$begun")
      ;;
    programmer)
      if [[ $begun != *:* ]]; then
        _romwright_parameters ''
        mapfile -t COMPREPLY < <(compgen -W "$REPLY" -- "$begun")
        return
      fi
      name=${begun%%:*}
      begun=${begun#*:}
      before=$name:
      if [[ $begun == *,* ]]; then
        before+=${begun%,*},
        begun=${begun##*,}
      fi
      _romwright_parameters "$name"
      if [[ $begun == *=* ]]; then
        key=${begun%%=*}
        before+=$key=
        begun=${begun#*=}
        for word in $REPLY; do
          [[ $word == "$key="* ]] && _romwright_value "${word#*=}" "$begun"
        done
      else
        compopt -o nospace 2>/dev/null
        for word in $REPLY; do
          [[ ${word%%=*}= == "$begun"* ]] && COMPREPLY+=("${word%%=*}=")
        done
      fi
      COMPREPLY=("${COMPREPLY[@]/#/$before}")
      ;;
  esac
}

_romwright() {
  local words=() path=romwright operands=0 plain='' kind='' cur before='' program=${COMP_WORDS[0]}
  local i word REPLY IFS=$' \t\n'
  # bash divides words at ':' and '='; here they are whole.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word =~ ^[:=]+$ || ${COMP_WORDS[i - 1]} =~ ^[:=]+$ ]] &&
      ! [[ $i == "$COMP_CWORD" && -z $word && ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  cur=${words[${#words[@]} - 1]}

  for ((i = 1; i < ${#words[@]} - 1; i++)); do
    word=${words[i]}
    kind=
    if [[ -n $plain ]]; then
      operands=$((operands + 1))
    elif [[ $word == -- ]]; then
      plain=yes
    elif [[ $word == --*=* ]]; then
      continue
    elif [[ $word == -?* ]]; then
      _romwright_kind "$path $word"
      [[ -n $REPLY ]] || _romwright_kind "romwright $word"
      if [[ -n $REPLY && $REPLY != flag ]]; then
        kind=$REPLY
        i=$((i + 1))
      fi
    else
      _romwright_commands "$path"
      if [[ " $REPLY " == *" $word "* ]]; then
        path+=" $word"
      else
        operands=$((operands + 1))
      fi
    fi
  done
  # The loop went past the last word where that is an option's value.
  ((i == ${#words[@]})) || kind=

  COMPREPLY=()
  if [[ -n $kind ]]; then
    _romwright_value "$kind" "$cur"
  elif [[ -z $plain && $cur == --*=* ]]; then
    before=${cur%%=*}=
    _romwright_kind "$path ${cur%%=*}"
    [[ -n $REPLY ]] || _romwright_kind "romwright ${cur%%=*}"
    _romwright_value "$REPLY" "${cur#*=}"
    COMPREPLY=("${COMPREPLY[@]/#/$before}")
  elif [[ -z $plain && $cur == -* ]]; then
    _romwright_options "$path"
    mapfile -t COMPREPLY < <(compgen -W "$REPLY" -- "$cur")
  else
    _romwright_commands "$path"
    if [[ -n $REPLY ]]; then
      mapfile -t COMPREPLY < <(compgen -W "$REPLY" -- "$cur")
    else
      local kinds
      _romwright_operands "$path"
      read -ra kinds <<<"$REPLY"
      if ((${#kinds[@]} > 0)); then
        if [[ ${kinds[${#kinds[@]} - 1]} == ... ]] && ((operands > ${#kinds[@]} - 2)); then
          operands=$((${#kinds[@]} - 2))
        fi
        [[ -z ${kinds[operands]:-} ]] || _romwright_value "${kinds[operands]}" "$cur"
      fi
    fi
  fi

  # What bash replaces is only what stands behind the last character that divides words.
  local stem=''
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then stem=${cur%:*}:; fi
  if [[ $cur == *=* && $COMP_WORDBREAKS == *=* ]]; then
    word=${cur%=*}=
    ((${#word} > ${#stem})) && stem=$word
  fi
  COMPREPLY=("${COMPREPLY[@]#"$stem"}")
}

complete -F _romwright romwright
