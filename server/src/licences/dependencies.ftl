<#-- One line per dependency: group:artifact:version, then its licences, parted by tabs. -->
<#list dependencyMap as entry>
${entry.getKey().getGroupId()}:${entry.getKey().getArtifactId()}:${entry.getKey().getVersion()}<#list entry.getValue() as licence>	${licence}</#list>
</#list>
