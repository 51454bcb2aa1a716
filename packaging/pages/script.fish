# Completion of romwright for fish.
# The tables come from the command line itself. A command is named by all its words, such as
# "romwright vendor fetch".

# True where the command that is being typed is $argv[1], and, where $argv[2] is given, so many
# operands stand behind it, or as many and more with "more".
function __romwright_at
    set -l at romwright
    set -l operands 0
    set -l skip
    set -l plain
    for word in (commandline -opc)[2..]
        if test -n "$skip"
            set skip
        else if test -n "$plain"
            set operands (math $operands + 1)
        else if test "$word" = --
            set plain yes
        else if string match -q -- '--*=*' $word
            continue
        else if string match -q -- '-?*' $word
            contains -- "$at $word" $__romwright_valued
            or contains -- "romwright $word" $__romwright_valued
            and set skip yes
        else if contains -- $word (__romwright_commands $at)
            set at "$at $word"
        else
            set operands (math $operands + 1)
        end
    end
    test "$at" = "$argv[1]"
    or return 1
    set -q argv[2]
    or return 0
    test $operands = $argv[2]
    and return 0
    test "$argv[3]" = more -a $operands -gt $argv[2]
end

# The values of the kind $argv[1]; what is typed so far is the token.
function __romwright_value
    set -l program (commandline -opc)[1]
    switch $argv[1]
        case board
            command $program boards --names 2>/dev/null
            string match -q -- '*/*' (commandline -ct)
            and __fish_complete_path (commandline -ct)
        case chip
            command $program chips --names 2>/dev/null
        case recipe
            command $program vendor list --names 2>/dev/null
        case 'words:*'
            string split '|' (string replace 'words:' '' $argv[1])
        case dir
            __fish_complete_directories (commandline -ct | string replace -r '^--[^=]*=' '')
        case programmer
            __romwright_programmer (commandline -ct | string replace -r '^--[^=]*=' '')
    end
end

# NAME[:KEY=VALUE,...], of which $argv[1] is typed.
function __romwright_programmer
    if not string match -q '*:*' -- $argv[1]
        __romwright_parameters ''
        return
    end
    set -l name (string split -m 1 : -- $argv[1])[1]
    set -l last (string replace -r '^[^:]*:(.*,)?' '' -- $argv[1])
    set -l before (string sub -l (math (string length -- $argv[1]) - (string length -- $last)) -- $argv[1])
    for word in (__romwright_parameters $name)
        set -l parameter (string split -m 1 = $word)
        if not string match -q '*=*' -- $last
            echo $before$parameter[1]=
        else if test (string split -m 1 = -- $last)[1] = $parameter[1]
            set -l begun (string split -m 1 = -- $last)[2]
            if test $parameter[2] = file
                for file in (__fish_complete_path "$begun")
                    echo $before$parameter[1]=$file
                end
            else
                for value in (__romwright_value $parameter[2])
                    echo $before$parameter[1]=$value
                end
            end
        end
    end
end

# TABLES
