package redact

import (
	"strings"

	"github.com/auditprof/auditprof/bench/result"
)

// vocabulary are the words of results themselves: a text that is one of them names nobody.
func vocabulary() map[string]bool {
	words := map[string]bool{"complete": true, "running": true, "private": true, "service": true, "login": true, "canaries": true}
	for name, unit := range result.Units {
		words[name], words[unit] = true, true
	}
	for _, w := range []string{result.ArmNoAudit, result.ArmNoRules, result.ArmLoaded, result.ArmCandidate, result.SlotPilot, result.SlotWarmup,
		result.SlotTimed, result.SlotMute, result.SlotAttribution, result.SlotPrice, result.VerdictSlower, result.VerdictFaster,
		result.VerdictCannotTell, result.VerdictNoFigure, result.AuditFilter, result.AuditNames, result.AuditFormat, result.AuditQueue,
		result.AuditOther, result.OutsideAudit, result.Schema, "no audit", "no rules", "loaded now", "other processes", "user messages"} {
		words[w] = true
	}
	return words
}

// nobody are words in the place of a user's name that name no person: accounts that every system has, and values of a field.
var nobody = wordSet(`root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody nogroup nfsnobody adm
	shutdown halt operator ftp wheel users staff dbus messagebus polkitd sshd chrony ntp postgres mysql
	mariadb redis mongodb nginx apache httpd tomcat zabbix nagios prometheus node_exporter postfix dovecot named bind unbound haproxy squid docker
	git jenkins gitlab-runner rabbitmq kafka elasticsearch splunk ossec wazuh puppet salt system login unset unknown uid gid auid (none) (null) ? (other) unconfined`)

// grammar are words of rules and logs that stay even where a person has that name.
var grammar = wordSet(`always never exit entry task user exclude filesystem io_uring arch perm path dir key uid gid auid euid egid suid sgid fsuid
	fsgid pid ppid exe inode ses sessionid success msgtype filetype fstype type record event rule rules audit auditd auditctl auditprof kernel host
	home root b32 b64 bench test log logs the on of and in to is it open openat close read write execve connect mount unlink rename getppid`)

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}
