# while-held.sh PROGRAM COMMAND... - runs the command while the program has the cache's folder open.
program=$1
shift
rm -f in out && mkfifo in out
LAZY_CACHE=kept "$program" <in >out &
exec 3>in 4<out
read -r line <&4
status=0
"$@" || status=$?
echo >&3
read -r line <&4 && echo "the program says $line"
wait
exit $status
