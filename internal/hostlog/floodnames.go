package hostlog

// hostile are ends of names: rules, conditions, separators, look-alikes.
var hostile = []string{"", "", "", "\n-a never,exit -S all", "\n-D\n", " -F uid=0", "\t-F\tuid=0", "\"", "'", "\\ -k x", "\x01", "\x00", "\x7f", "\xff\xfe", "é",
	"2D61", " ", " (deleted)", "/..", "/../../../etc", "//", "/.", "#", ",exit", "=", "%s%n", "$(id)", "\r\n-a never,task", "\u2028", "\x1b[2J"}

// places are folders that he can fill, or name.
var places = []string{"/home/mallory/" + Marker, "/tmp/" + Marker, "/var/tmp/" + Marker, "/dev/shm/" + Marker, "/run/user/1001/" + Marker, "/srv/" + Marker, "/opt/" + Marker + "/x",
	"/proc/self/root/tmp/" + Marker, "/proc/1001/root/srv/" + Marker, "//srv/" + Marker, "/srv/./" + Marker + "/x", "/var/lib/../../tmp/" + Marker, "/srv/" + Marker + "/a/../../../tmp/" + Marker,
	"/data/" + Marker, "/home/mallory/.ssh", "/home/alice/.ssh", "/root/.ssh", "/etc", "/etc/ssh", "/etc/cron.d", "/var/spool/cron", "/var/www/html", "/var/www/html/" + Marker, "/usr/share/" + Marker,
	PostgresData, PostgresData + "/base", PostgresData + "/" + Marker, "/var/lib/postgresql", "/var/lib/postgresql/.ssh", "/var/lib/postgresql/16/" + Marker,
	"/run/postgresql", "/proc/self", "/", "/var/log/audit", "/usr/lib/systemd/system", "/var/lib/docker/overlay2/" + Marker + "/merged/srv/x"}

// programs are what he can run, or make the kernel call so in a mount namespace of his.
var programs = []string{"/home/mallory/" + Marker, "/tmp/" + Marker, "/dev/shm/" + Marker, "/run/user/1001/" + Marker, "/memfd:" + Marker + " (deleted)", "/usr/bin/../../tmp/" + Marker,
	"/usr/bin//" + Marker, "//usr/bin/" + Marker, "/proc/self/root/usr/bin/" + Marker, "/usr/bin/" + Marker + " (deleted)", "/usr/sbin/" + Marker, "/usr/lib/" + Marker + "/bin/" + Marker,
	"/usr/bin/python3.11", "/usr/bin/bash", "/usr/bin/dash", "/usr/bin/perl", "/usr/bin/tar", "/usr/bin/cp", "/usr/bin/cat", "/usr/bin/vim.basic", "/usr/bin/find", "/usr/bin/node",
	"/usr/lib64/ld-linux-x86-64.so.2", "/usr/bin/busybox", "/usr/bin/id", PostgresExe, "/usr/sbin/nginx", "/usr/sbin/pgbouncer", "/usr/sbin/chronyd", "/usr/bin/psql", "/usr/bin/sudo",
	"/usr/bin/" + Marker + "\n-a never,exit -S all", "/usr/bin/" + Marker + " -F uid=0", "/var/lib/docker/overlay2/" + Marker + "/merged/usr/bin/" + Marker}

// clientPlaces are folders that the database may write to, in which somebody else may have made folders for it.
var clientPlaces = []string{PostgresData + "/base", "/var/lib/postgresql", "/var/lib/postgresql/.ssh", "/tmp/" + Marker, "/home/mallory/" + Marker, "/srv/" + Marker,
	"/data/" + Marker, "/opt/" + Marker + "/x"}
