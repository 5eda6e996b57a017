// What serverless.yml takes into the template beside its functions: roles, alarms, the dashboard.
module.exports = async ({ resolveVariable }) => {
  const [{ roles }, { alarms }, { dashboard }] = await Promise.all([import('./roles.ts'), import('./alarms.ts'), import('./dashboard.ts')])
  const [service, stage] = [await resolveVariable('self:service'), await resolveVariable('sls:stage')]
  const perHour = async (what) => Number(await resolveVariable(`param:ALARM_${what}_PER_HOUR`))
  const limits = { callsPerHour: await perHour('CALLS'), signUpsPerHour: await perHour('SIGN_UPS'), reportsPerHour: await perHour('REPORTS') }
  return { Resources: { ...roles(service, stage), ...alarms(service, stage, limits), ...dashboard(service, stage) } }
}
