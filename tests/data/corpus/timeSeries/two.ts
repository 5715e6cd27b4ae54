#a
@problemName a
@timeStamps false
@classLabel true a b
@data
1,2,3:4,5,6:a
1,?,3:7,8,9E0:b
